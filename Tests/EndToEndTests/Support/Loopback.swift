import Glibc

/// Sockets between the programs of a test, all on this machine.
enum Loopback {
    /// Begins to listen.
    ///
    /// - Parameter port: Where; 0 takes a free port.
    /// - Returns: the socket, and the port it has.
    static func listen(on port: UInt16) throws -> (descriptor: Int32, port: UInt16) {
        let opened = try open()
        var yes: Int32 = 1
        setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = address(of: port)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(opened, generic, length) != 0 || Glibc.listen(opened, 16) != 0
                    || getsockname(opened, generic, &length) != 0
            }
        }
        guard !failed else { throw closing(opened, "listening") }
        return (opened, UInt16(bigEndian: address.sin_port))
    }

    /// Connects to whoever listens on a port.
    static func connect(to port: UInt16) throws -> Int32 {
        let opened = try open()
        var address = address(of: port)
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                Glibc.connect(opened, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) != 0
            }
        }
        guard !failed else { throw closing(opened, "connecting") }
        return opened
    }

    private static func open() throws -> Int32 {
        let opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard opened >= 0 else { throw Failure.system("socket", errno) }
        return opened
    }

    private static func address(of port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    private static func closing(_ descriptor: Int32, _ call: String) -> Failure {
        let code = errno
        close(descriptor)
        return Failure.system(call, code)
    }
}
