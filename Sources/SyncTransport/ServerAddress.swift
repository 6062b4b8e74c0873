import SyncModel

/// Where a server is: read strictly, because everything about trust hangs on reading it as libcurl does.
///
/// No user names, queries, fragments or odd spellings of numbers are taken, so there is nothing that two
/// readers could understand differently, and what libcurl gets is put together again from the parts.
struct ServerAddress: Hashable, Sendable {
    /// Whether the connection is encrypted.
    var isSecure: Bool
    /// The host in lower case; an IPv6 address without its brackets.
    var host: String
    /// The port, if one was given.
    var port: UInt16?
    /// What stands before the paths of the protocol: empty, or `/` and more, without a slash at the end.
    var prefix: String

    /// Reads `https://host`, `https://host:port/prefix` and the like.
    init(_ text: String) throws(SyncError) {
        let problem = SyncError(
            .badValue, "\(quoted(text)) is not the address of a server",
            means: kept, advice: "an address such as https://sync.example.org")
        var rest = text[...]
        if let after = rest.dropping(prefix: "https://") {
            (isSecure, rest) = (true, after)
        } else if let after = rest.dropping(prefix: "http://") {
            (isSecure, rest) = (false, after)
        } else {
            throw problem
        }
        let authority = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path.removeLast() }
        guard path.utf8.allSatisfy(isPathCharacter), !path.contains("//"),
            !path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." })
        else { throw problem }
        prefix = String(path)

        var afterHost: Substring
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else { throw problem }
            host = authority[..<close].dropFirst().lowercased()
            afterHost = authority[authority.index(after: close)...]
            guard host.contains(":"), host.utf8.allSatisfy(isIPv6Character) else { throw problem }
        } else {
            let name = authority.prefix { $0 != ":" }
            host = name.lowercased()
            afterHost = authority.dropFirst(name.count)
            guard !host.isEmpty, host.utf8.allSatisfy(isNameCharacter), host.utf8.first != UInt8(ascii: "."),
                host.utf8.first != UInt8(ascii: "-"), host.utf8.count <= 253
            else { throw problem }
        }
        guard !afterHost.isEmpty else {
            port = nil
            return
        }
        afterHost.removeFirst()
        guard (1...5).contains(afterHost.utf8.count), afterHost.utf8.allSatisfy(isDigit),
            authority.utf8.count == authority.count, let number = UInt16(afterHost), number > 0,
            authority.dropLast(afterHost.count).last == ":"
        else { throw problem }
        port = number
    }

    /// Whether the host can only be this computer: 127.0.0.0/8, ::1 or localhost.
    var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                part.utf8.allSatisfy(isDigit) && UInt8(part) != nil && (part == "0" || part.first != "0")
            }
    }

    /// The address of one of the protocol's paths, which begin with a slash.
    func url(_ path: String) -> String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(isSecure ? "https" : "http")://\(name)\(port.map { ":\($0)" } ?? "")\(prefix)\(path)"
    }

    /// The host and, if one was given, the port; for messages.
    var display: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return name + (port.map { ":\($0)" } ?? "")
    }
}

/// What every failure of an exchange means for the records.
let kept = "nothing is lost: \(keptBriefly)"
let keptBriefly = "your changes are kept on this laptop"

/// Text that came from outside, made fit for a message: no control characters, and not too long.
func plain(_ text: String, limit: Int = 300) -> String {
    let kept = text.unicodeScalars.filter { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: false
        default: true
        }
    }
    return String(String.UnicodeScalarView(kept.prefix(limit)))
}

private func quoted(_ text: String) -> String { "\"\(plain(text, limit: 80))\"" }

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}

private func isNameCharacter(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "_")
}

private func isIPv6Character(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte) || byte == UInt8(ascii: ":")
        || byte == UInt8(ascii: ".")
}

private func isPathCharacter(_ byte: UInt8) -> Bool {
    isNameCharacter(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "~")
}

extension Substring {
    fileprivate func dropping(prefix: String) -> Substring? {
        guard count >= prefix.count, self.prefix(prefix.count).lowercased() == prefix else { return nil }
        return dropFirst(prefix.count)
    }
}
