import SyncModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The small file beside a replica's database, named like it with `-id` at the end. It holds the incarnation under which
/// the replica writes, and a count that goes up whenever changes are about to leave this laptop under new numbers.
///
/// The database holds the same. Where the two do not fit, the database was copied without this file, or put back from
/// an older copy: then the next numbers may have been used by somebody else. Nothing is ever lost by a wrong
/// suspicion; it costs a fresh incarnation.
struct Beside: Hashable {
    let incarnation: Incarnation
    let count: Int64

    private static let heading = "porchlight replica"
    private static let bytes = 256

    private static func path(_ database: String) -> String { database + "-id" }

    /// What was found where it should be.
    enum Found: Hashable {
        case beside(Beside)
        /// Nothing, or something that is not one.
        case none
        /// It may be there, and cannot be read; nothing follows from that.
        case unreadable
    }

    /// Reads it.
    static func load(besides database: String) -> Found {
        let file = open(path(database), O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return errno == ENOENT ? .none : .unreadable }
        defer { close(file) }
        var octets = [UInt8](repeating: 0, count: bytes)
        let count = read(file, &octets, octets.count)
        guard count >= 0 else { return .unreadable }
        let parts = String(decoding: octets[..<count], as: UTF8.self).split(separator: "\n")
        guard parts.count == 3, parts[0] == heading, let incarnation = Identifier(text: String(parts[1])),
            let number = Int64(parts[2])
        else { return .none }
        return .beside(Beside(incarnation: incarnation, count: number))
    }

    /// Writes it whole, and durably.
    ///
    /// What cannot be written is not: the suspicion that follows from it is harmless.
    ///
    /// - Parameter process: keeps two processes from writing into each other's file.
    func store(besides database: String, process: Int64) {
        let target = Self.path(database)
        let fresh = "\(target).\(process)"
        let file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        var text = "\(Self.heading)\n\(incarnation.text)\n\(count)\n"
        let isWritten = text.withUTF8 { octets in
            write(file, octets.baseAddress, octets.count) == octets.count && fsync(file) == 0
        }
        close(file)
        guard isWritten, rename(fresh, target) == 0 else {
            unlink(fresh)
            return
        }
    }
}
