import Foundation

/// Protocol.md's fenced examples: those whose fence carries a tag such as ```` ```json request ````.
enum ProtocolText {
    struct Example: CustomStringConvertible, Sendable {
        let tag: String
        let line: Int
        let body: String

        var description: String { "\(tag), line \(line)" }

        /// The octets of a hexadecimal example, or none if it is not one.
        var octets: [UInt8] {
            let digits = body.filter { !$0.isWhitespace }
            var octets: [UInt8] = []
            var rest = digits[...]
            while rest.count >= 2, let octet = UInt8(rest.prefix(2), radix: 16) {
                octets.append(octet)
                rest = rest.dropFirst(2)
            }
            return rest.isEmpty ? octets : []
        }
    }

    static let examples: [Example] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Protocol.md")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        var examples: [Example] = []
        var open: (tag: String, line: Int)?
        var body: [Substring] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                if let (tag, start) = open {
                    examples.append(
                        Example(tag: tag, line: start, body: body.joined(separator: "\n")))
                    open = nil
                } else {
                    open = (String(line.dropFirst(3)), index + 1)
                    body = []
                }
            } else if open != nil {
                body.append(line)
            }
        }
        return examples
    }()

    static func examples(_ tag: String) -> [Example] { examples.filter { $0.tag == tag } }
}
