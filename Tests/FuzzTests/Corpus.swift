import Foundation
import FuzzTargets
import PeerSupport
import SyncModel
import SyncWire

@testable import samples

/// Where the fuzzer begins: the examples of Protocol.md, an invented agency's files, and states of a record.
enum Corpus {
    struct Seed {
        let name: String
        let bytes: [UInt8]
    }

    /// The folder `Tests/Fuzz`.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzz")

    static func seeds(of target: FuzzTarget) throws -> [Seed] {
        switch target {
        case .wire: try wire()
        case .import: try files()
        case .merge: try states()
        }
    }

    // MARK: The wire

    private static func wire() throws -> [Seed] {
        var seeds: [Seed] = []
        for (tag, body) in try examples() {
            let text = Array(body.utf8)
            let bytes = tag.hasPrefix("hex") ? octets(body) : text
            guard let decoder = decoders[tag] else { continue }
            let name = "\(tag.replacing(" ", with: "-"))-\(seeds.count)"
            seeds.append(Seed(name: name, bytes: WireTarget.input(decoder, bytes)))
            if decoder == .request || decoder == .reply {
                seeds.append(
                    Seed(
                        name: "zstd-\(name)",
                        bytes: WireTarget.input(.compressed, try Compression.compress(bytes))))
            }
        }
        return seeds
    }

    private static let decoders: [String: WireTarget.Decoder] = [
        "hex frozen": .frozen, "hex frozen redacted": .frozen, "hex state": .state, "hex request": .request,
        "hex reply": .reply, "json request": .requestLines, "json reply": .replyLines,
        "json enrol-request": .enrolRequest, "json enrol-reply": .enrolReply, "json error": .error,
        "json history": .history, "json quarantine-request": .quarantineRequest,
        "json quarantine-reply": .quarantineReply, "json verify-request": .verifyRequest,
        "json verify-reply": .verifyReply, "json verify-findings": .verifyReply,
    ]

    /// Whether a decoder takes some bytes.
    static func isAccepted(_ bytes: [UInt8], by decoder: WireTarget.Decoder) -> Bool {
        func works(_ body: () throws -> Void) -> Bool { (try? body()) != nil }
        return switch decoder {
        case .request: works { _ = try ExchangeCodec.decode(request: bytes) }
        case .reply: works { _ = try ExchangeCodec.decode(reply: bytes) }
        case .requestLines: works { _ = try ExchangeCodec.decode(request: bytes, as: .jsonLines) }
        case .replyLines: works { _ = try ExchangeCodec.decode(reply: bytes, as: .jsonLines) }
        case .frozen: works { _ = try FrozenCodec.decode(bytes) }
        case .state: works { _ = try StateCodec.decode(bytes) }
        case .compressed: works { _ = try Compression.decompress(bytes, limit: 1 << 20) }
        case .enrolRequest: works { _ = try EnrolCodec.decode(request: bytes) }
        case .enrolReply: works { _ = try EnrolCodec.decode(reply: bytes) }
        case .error: works { _ = try ErrorBodyCodec.decode(bytes) }
        case .history: works { _ = try HistoryCodec.decode(bytes, as: .jsonLines) }
        case .quarantineRequest: works { _ = try QuarantineCodec.decode(request: bytes, as: .jsonLines) }
        case .quarantineReply: works { _ = try QuarantineCodec.decode(reply: bytes, as: .jsonLines) }
        case .verifyRequest: works { _ = try VerifyCodec.decode(request: bytes, as: .jsonLines) }
        case .verifyReply:
            works { _ = try VerifyCodec.decode(reply: bytes, to: .records([]), as: .jsonLines) }
                || works {
                    _ = try VerifyCodec.decode(
                        reply: bytes, to: .buckets([Identifier(high: 0, low: 0)]), as: .jsonLines)
                }
        }
    }

    /// The fenced examples of Protocol.md, with what their fences say.
    private static func examples() throws -> [(tag: String, body: String)] {
        let file = root.deletingLastPathComponent().deletingLastPathComponent().appending(path: "Protocol.md")
        let parts = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n```")
        // Every other part lies inside a fence.
        return stride(from: 1, to: parts.count, by: 2).map { place in
            let lines = parts[place].split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(lines[0]), lines.count > 1 ? String(lines[1]) : "")
        }
    }

    private static func octets(_ digits: String) -> [UInt8] {
        let digits = Array(digits.filter { !$0.isWhitespace })
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
    }

    // MARK: Files

    private static func files() throws -> [Seed] {
        guard let until = CivilDate(text: "2025-12-31") else { return [] }
        let made = Generator.run(.init(seed: 7, participants: 3, until: until)).files.map { file in
            // The headers and a few rows say what a file is; more would only slow every input down.
            let rows = file.text.split(separator: "\r\n", omittingEmptySubsequences: true).prefix(5)
            let text = rows.joined(separator: "\r\n") + "\r\n"
            return Seed(
                name: file.mapping.table, bytes: ImportTarget.input(file.mapping.table, Array(text.utf8)))
        }
        let odd =
            "\u{feff}code,name,kind\n\"S\"\"1\",\"Elm\nStreet\",residence\r\nS2,\"open,residence\n,,\n\nS3,x\"y,\n"
        return made + [Seed(name: "odd-quotes", bytes: ImportTarget.input("site", Array(odd.utf8)))]
    }

    // MARK: States

    private static func states() throws -> [Seed] {
        let texts = try examples().filter { $0.tag == "hex state" }.map { octets($0.body) }
        var seeds = texts.enumerated().map {
            Seed(name: "protocol-\($0)", bytes: MergeTarget.input([$1, $1]))
        }
        let devices = (1...3).map { Identifier(high: 7, low: UInt64($0)) }
        func change(_ device: Int, _ n: UInt64, _ registers: [String], read: [(Int, UInt64)] = [])
            -> LiveChange
        {
            LiveChange(
                dot: Dot(devices[device], n), author: "PS0\(device)",
                writes: registers.sorted().map { RegisterWrite($0, [.text("\(device)-\(n)")]) },
                context: Context(read.map { Context.Entry(devices[$0], $1) }),
                effective: n % 2 == 0 ? nil : EffectiveTime(microseconds: Int64(n)),
                deviceMicroseconds: Int64(device))
        }
        func bytes(_ changes: LiveChange...) -> [UInt8] {
            StateCodec.encode(RecordState(table: "participant", live: changes))
        }
        let first = change(0, 1, ["name", "phone"])
        let clash = MergeTarget.input([
            bytes(first, change(1, 1, ["phone"])), bytes(change(2, 1, ["name"], read: [(0, 1)])),
        ])
        let chain = MergeTarget.input([
            bytes(first), bytes(change(1, 1, ["phone"], read: [(0, 1)])),
            bytes(change(2, 1, ["phone", "name"], read: [(0, 1), (1, 1)])),
            bytes(change(0, 2, ["deleted"], read: [(0, 1)])),
        ])
        // Each says that it had read the other, which no honest writers can.
        let circle = MergeTarget.input([
            bytes(change(0, 1, ["name"], read: [(1, 1)])), bytes(change(1, 1, ["name"], read: [(0, 1)])),
        ])
        seeds.append(Seed(name: "clash", bytes: clash))
        seeds.append(Seed(name: "chain", bytes: chain))
        seeds.append(Seed(name: "circle", bytes: circle))
        return seeds
    }
}
