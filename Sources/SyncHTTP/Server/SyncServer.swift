import Foundation
import Hummingbird
public import Logging
import NIOCore
import ServiceLifecycle
import SyncModel
public import SyncStore
import Synchronization
import UnixSignals

/// The server: an agency's store, served over HTTP.
public final class SyncServer: Sendable {
    private let listening: Listening
    private let routes: Routes
    private let group = Mutex<ServiceGroup?>(nil)

    /// Makes a server. Nothing is bound before ``run(_:)``.
    ///
    /// - Parameter store: the store, which the server closes when it ends.
    public init(store: Store, listening: Listening, world: World, log: Logger) {
        self.listening = listening
        self.routes = Routes(store: store, world: world, log: log)
    }

    /// Serves until ``stop()``, SIGTERM or SIGINT; then lets what is running finish, and closes the store.
    ///
    /// - Parameter ready: told the URL as soon as connections are taken. If it throws, the server ends.
    /// - Throws: ``SyncError`` when it could not start, or what `ready` threw.
    public func run(_ ready: @escaping @Sendable (_ url: String) throws -> Void) async throws {
        let failure = Mutex<(any Error)?>(nil)
        do {
            let group = try makeGroup { url in
                do {
                    try ready(url)
                } catch {
                    failure.withLock { $0 = error }
                    await self.stop()
                }
            }
            self.group.withLock { $0 = group }
            try await group.run()
        } catch {
            await close()
            throw startFailure(error)
        }
        await close()
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Begins to stop, as the signals do.
    public func stop() async {
        routes.held.stop()
        await group.withLock { $0 }?.triggerGracefulShutdown()
    }

    private func makeGroup(_ ready: @escaping @Sendable (_ url: String) async -> Void) throws -> ServiceGroup
    {
        // Hummingbird and the service group speak of themselves below this level.
        var quiet = routes.log
        quiet.logLevel = .warning
        let application = Application(
            router: routes.router(), server: try listening.channels(),
            configuration: ApplicationConfiguration(
                address: .hostname(listening.host, port: listening.port), serverName: nil),
            onServerRunning: { [listening, routes] channel in
                let url = listening.url(port: channel.localAddress?.port ?? listening.port)
                routes.log.info("listening", metadata: ["url": "\(url)"])
                await ready(url)
            },
            logger: quiet)
        var configuration = ServiceGroupConfiguration(
            services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        configuration.maximumGracefulShutdownDuration = .seconds(Limits.stopSeconds)
        return ServiceGroup(configuration: configuration)
    }

    private func close() async {
        do {
            try await routes.writes.run { [world = routes.world] in try $0.close(now: world.now()) }
            routes.log.info("stopped")
        } catch {
            routes.log.error("the store could not be closed", metadata: ["cause": "\(type(of: error))"])
        }
    }

    private func startFailure(_ error: any Error) -> any Error {
        if error is SyncError { return error }
        let place = "\(listening.host):\(listening.port)"
        guard let error = error as? IOError else {
            return SyncError(
                .badValue, "\(place) cannot be listened on", means: "The server was not started.",
                advice: "another --host or --port")
        }
        if error.errnoCode == EACCES {
            return SyncError(
                .notPermitted, "this user may not listen on \(place)", means: "The server was not started.",
                advice: "a --port above 1023")
        }
        return SyncError(
            .unavailable, "\(place) is taken", means: "The server was not started.",
            advice: "stop the program that listens there, or another --port")
    }
}
