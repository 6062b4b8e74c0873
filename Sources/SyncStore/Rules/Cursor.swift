import Crypto
import SyncModel

/// Where a device's feed was left: a position per key, the epoch, and a place in the log with its hash.
///
/// Only the server reads it. Sixteen octets of HMAC-SHA-256 over the rest and the device's code keep anybody
/// from making one up or lending one out.
struct Cursor: Hashable {
    /// The epoch it belongs to.
    var epoch: UInt64
    /// Where the log stood, and its hash there: a server that has lost this place was restored.
    var log: Int64
    var logHash: [UInt8]
    /// How far each key was followed, sorted by key. Empty while no page was given: then it tells only where the log
    /// stood when something was said or taken, so that a server which loses that knows it was restored.
    var positions: [KeyNumber: Int64]

    private static let version: UInt8 = 1
    private static let hashBytes = 8
    private static let sealBytes = 16

    /// Encodes and seals it.
    func sealed(secret: [UInt8], device: String) -> [UInt8] {
        var bytes: [UInt8] = [Self.version]
        Self.append(epoch, to: &bytes)
        Self.append(UInt64(bitPattern: log), to: &bytes)
        bytes += logHash.prefix(Self.hashBytes)
        for key in positions.keys.sorted() {
            Self.append(UInt64(bitPattern: key), to: &bytes)
            Self.append(UInt64(bitPattern: positions[key] ?? 0), to: &bytes)
        }
        return bytes + Self.seal(bytes, secret: secret, device: device)
    }

    /// Opens one; `nil` for anything this server did not seal for this device.
    static func open(_ sealed: [UInt8], secret: [UInt8], device: String) -> Cursor? {
        guard sealed.count > sealBytes + hashBytes + 1, sealed[0] == version else { return nil }
        let bytes = Array(sealed.dropLast(sealBytes))
        guard constantTimeEqual(seal(bytes, secret: secret, device: device), sealed.suffix(sealBytes))
        else { return nil }
        var place = 1
        guard let epoch = read(bytes, &place), let log = read(bytes, &place),
            place + hashBytes <= bytes.count
        else { return nil }
        let hash = Array(bytes[place..<(place + hashBytes)])
        place += hashBytes
        var positions: [KeyNumber: Int64] = [:]
        while place < bytes.count {
            guard let key = read(bytes, &place), let position = read(bytes, &place) else { return nil }
            positions[Int64(bitPattern: key)] = Int64(bitPattern: position)
        }
        return Cursor(epoch: epoch, log: Int64(bitPattern: log), logHash: hash, positions: positions)
    }

    private static func seal(_ bytes: [UInt8], secret: [UInt8], device: String) -> [UInt8] {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(device.utf8) + [0] + bytes, using: SymmetricKey(data: secret))
        return Array(Array(code).prefix(sealBytes))
    }

    /// Compares without telling by its time where the difference lies.
    private static func constantTimeEqual(_ a: [UInt8], _ b: ArraySlice<UInt8>) -> Bool {
        a.count == b.count && zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Base 128, least significant group first, as Protocol Buffers' varints.
    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private static func read(_ bytes: [UInt8], _ place: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count, shift < 64 {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
