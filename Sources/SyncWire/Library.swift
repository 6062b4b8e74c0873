import SwiftProtobuf
import SyncModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

// The few ways in which this module uses the library, with its errors made ours.

/// Unknown fields are passed over, as in the binary form.
private let lenient: JSONDecodingOptions = {
    var options = JSONDecodingOptions()
    options.ignoreUnknownFields = true
    return options
}()

extension Message {
    /// The message of its binary form.
    init(octets: [UInt8]) throws(WireError) {
        do {
            self = try Self(serializedBytes: octets)
        } catch {
            throw .malformed("it is no \(Self.protoMessageName)")
        }
    }

    /// The message of its JSON form.
    init(json: [UInt8]) throws(WireError) {
        do {
            self = try Self(jsonUTF8Bytes: json, options: lenient)
        } catch {
            throw .malformed("it is no \(Self.protoMessageName) in JSON")
        }
    }

    /// Its binary form.
    func octets() throws(WireError) -> [UInt8] {
        do {
            return try serializedBytes()
        } catch {
            throw .malformed("a \(Self.protoMessageName) cannot be encoded")
        }
    }

    /// Its JSON form, on one line.
    func json() throws(WireError) -> [UInt8] {
        do {
            return try jsonUTF8Bytes()
        } catch {
            throw .malformed("a \(Self.protoMessageName) cannot be encoded as JSON")
        }
    }
}

extension Data {
    var octets: [UInt8] { [UInt8](self) }

    func identifier() throws(WireError) -> Identifier {
        guard let identifier = Identifier(bytes: self) else {
            throw .malformed("an identifier is not 16 octets")
        }
        return identifier
    }

    func hash() throws(WireError) -> ChainHash {
        guard let hash = ChainHash(octets) else { throw .malformed("a hash is not 32 octets") }
        return hash
    }
}

extension Identifier {
    var field: Data { Data(bytes) }
}

/// A name within its limits, or any short text.
func checked(
    _ text: String, _ what: StaticString, limit: Int = Limits.nameBytes, empty: Bool = false
) throws(WireError) -> String {
    guard text.utf8.count <= limit else { throw .tooLarge("\(what)") }
    guard empty || !text.isEmpty else { throw .malformed("\(what) is empty") }
    guard !text.utf8.contains(0) else { throw .malformed("\(what) contains a NUL character") }
    return text
}

/// A number that counts something, and so fits a signed word.
func counted(_ number: UInt64) throws(WireError) -> UInt64 {
    guard number <= UInt64(Int64.max) else { throw .malformed("a count passes 63 bits") }
    return number
}
