import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// The far side of TLS, out of the same library that libcurl has loaded already.
///
/// A test that ran `openssl s_server` would have to guess a free port and wait until the process listens, and
/// SwiftNIO's would bring a second TLS library into the test for ten calls. This one runs on the sockets of
/// ``RawServer``, whose port the kernel chose.
struct TLS: @unchecked Sendable {  // The pointer is to an SSL_CTX, which OpenSSL locks by itself.
    private let library: OpenSSL
    private let context: UnsafeMutableRawPointer

    struct Failure: Error {}

    /// Whether the library is here.
    static var isPossible: Bool { OpenSSL() != nil }

    init(certificate: String, key: String) throws {
        let pem: Int32 = 1
        guard let library = OpenSSL(), let context = library.newContext(library.method()),
            library.useCertificate(context, certificate, pem) == 1, library.useKey(context, key, pem) == 1
        else { throw Failure() }
        (self.library, self.context) = (library, context)
    }

    /// Shakes hands on an accepted connection, reads one request and answers it.
    ///
    /// - Returns: Whether the client got so far as to send a request.
    func serve(_ connection: RawConnection, _ answer: [UInt8]) -> Bool {
        // OpenSSL writes without MSG_NOSIGNAL, and a client that distrusts us hangs up. The thread ends with
        // the connection, so the mask is not put back.
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, nil)
        guard let session = library.newSession(context) else { return false }
        defer { library.free(session) }
        guard library.setDescriptor(session, connection.descriptor) == 1, library.accept(session) == 1
        else { return false }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while RawRequest(bytes) == nil {
            let count = library.read(session, &buffer, Int32(buffer.count))
            guard count > 0 else { return false }
            bytes += buffer.prefix(Int(count))
        }
        _ = library.write(session, answer, Int32(answer.count))
        _ = library.shutdown(session)
        return true
    }
}

/// The calls of OpenSSL that a server needs.
private struct OpenSSL {
    typealias Handle = UnsafeMutableRawPointer

    let method: @convention(c) () -> Handle?
    let newContext: @convention(c) (Handle?) -> Handle?
    let useCertificate: @convention(c) (Handle, UnsafePointer<CChar>, Int32) -> Int32
    let useKey: @convention(c) (Handle, UnsafePointer<CChar>, Int32) -> Int32
    let newSession: @convention(c) (Handle) -> Handle?
    let setDescriptor: @convention(c) (Handle, Int32) -> Int32
    let accept: @convention(c) (Handle) -> Int32
    let read: @convention(c) (Handle, UnsafeMutableRawPointer, Int32) -> Int32
    let write: @convention(c) (Handle, UnsafeRawPointer, Int32) -> Int32
    let shutdown: @convention(c) (Handle) -> Int32
    let free: @convention(c) (Handle) -> Void

    init?() {
        guard let library = dlopen("libssl.so.3", RTLD_NOW) else { return nil }
        func find<Function>(_ name: String) -> Function? {
            dlsym(library, name).map { unsafeBitCast($0, to: Function.self) }
        }
        guard let method: @convention(c) () -> Handle? = find("TLS_server_method"),
            let newContext: @convention(c) (Handle?) -> Handle? = find("SSL_CTX_new"),
            let useCertificate: @convention(c) (Handle, UnsafePointer<CChar>, Int32) -> Int32 = find(
                "SSL_CTX_use_certificate_file"),
            let useKey: @convention(c) (Handle, UnsafePointer<CChar>, Int32) -> Int32 = find(
                "SSL_CTX_use_PrivateKey_file"),
            let newSession: @convention(c) (Handle) -> Handle? = find("SSL_new"),
            let setDescriptor: @convention(c) (Handle, Int32) -> Int32 = find("SSL_set_fd"),
            let accept: @convention(c) (Handle) -> Int32 = find("SSL_accept"),
            let read: @convention(c) (Handle, UnsafeMutableRawPointer, Int32) -> Int32 = find("SSL_read"),
            let write: @convention(c) (Handle, UnsafeRawPointer, Int32) -> Int32 = find("SSL_write"),
            let shutdown: @convention(c) (Handle) -> Int32 = find("SSL_shutdown"),
            let free: @convention(c) (Handle) -> Void = find("SSL_free")
        else { return nil }
        (self.method, self.newContext, self.useCertificate, self.useKey) =
            (method, newContext, useCertificate, useKey)
        (self.newSession, self.setDescriptor, self.accept, self.read) = (
            newSession, setDescriptor, accept, read
        )
        (self.write, self.shutdown, self.free) = (write, shutdown, free)
    }
}
