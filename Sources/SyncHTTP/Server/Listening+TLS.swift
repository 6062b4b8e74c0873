import HummingbirdCore
import HummingbirdTLS
import NIOCore
import NIOSSL
import SyncModel

extension Listening {
    /// What turns the bytes of a connection into requests.
    func channels() throws -> HTTPServerBuilder {
        let requests = HTTPServerBuilder.http1(
            configuration: .init(
                idleTimeout: .seconds(Limits.idleConnectionSeconds),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: Limits.headerBytes, maxHeaderListSize: Limits.headerBytes,
                    maxHeaderFieldCount: Limits.headerFields)))
        guard case .tls(let certificate, let key) = privacy else { return requests }
        return try .tls(requests, tlsConfiguration: Self.configuration(certificate: certificate, key: key))
    }

    private static func configuration(certificate: String, key: String) throws -> TLSConfiguration {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificate)
        } catch {
            throw unreadable("certificate", certificate)
        }
        guard !chain.isEmpty else { throw unreadable("certificate", certificate) }
        let privateKey: NIOSSLPrivateKey
        do {
            privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
        } catch {
            throw unreadable("key", key)
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw SyncError(
                .badValue, "the key \(key) does not fit the certificate \(certificate)",
                means: "The server was not started.",
                advice: "the two files that were made together")
        }
        return configuration
    }

    private static func unreadable(_ kind: String, _ path: String) -> SyncError {
        SyncError(
            .badValue, "the \(kind) \(path) cannot be read, or is not in PEM form",
            means: "The server was not started.",
            advice: "a file that begins with -----BEGIN and that this user may read")
    }
}
