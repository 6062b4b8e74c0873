import SwiftProtobuf
public import SyncModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a server says of a conflict, to bytes and back.
public enum NotesCodec {
    /// Encodes notes.
    public static func encode(_ notes: ConflictNotes) throws(WireError) -> [UInt8] {
        try notes.message.octets()
    }

    /// Decodes notes and checks them against the limits.
    public static func decode(_ bytes: [UInt8]) throws(WireError) -> ConflictNotes {
        guard bytes.count <= Limits.answerBytes else { throw .tooLarge("a record's notes") }
        return try ConflictNotes(Porchlight_V1_ConflictNotes(octets: bytes))
    }
}

extension ConflictNotes {
    var message: Porchlight_V1_ConflictNotes {
        var message = Porchlight_V1_ConflictNotes()
        message.bases = bases.map(\.message)
        message.origins = origins.map(\.message)
        return message
    }

    init(_ message: Porchlight_V1_ConflictNotes) throws(WireError) {
        // A register that the conflict is in is written by a live change.
        guard message.bases.count <= Limits.liveChanges, message.origins.count <= Limits.liveChanges
        else { throw .tooLarge("a record's notes") }
        var bases: [Base] = []
        for base in message.bases { bases.append(try Base(base)) }
        var origins: [Origin] = []
        for origin in message.origins { origins.append(try Origin(origin)) }
        self.init(bases: bases, origins: origins)
    }
}

extension ConflictNotes.Base {
    fileprivate var message: Porchlight_V1_Base {
        var message = Porchlight_V1_Base()
        message.register = register
        message.values = values.map(\.message)
        message.incarnation = dot.incarnation.field
        message.n = dot.n
        message.author = author
        if let effective {
            message.effectiveTime = effective.microseconds
            message.estimated = effective.isEstimated
        }
        return message
    }

    fileprivate init(_ message: Porchlight_V1_Base) throws(WireError) {
        guard message.values.count <= Limits.valuesPerRegister else {
            throw .tooLarge("the values of a register")
        }
        var values: [Value] = []
        for value in message.values { values.append(try Value(value)) }
        self.init(
            register: try checked(message.register, "a register's name"), values: values,
            dot: try Dot(field: message.incarnation, message.n),
            author: try checked(message.author, "an author"),
            effective: message.hasEffectiveTime
                ? EffectiveTime(microseconds: message.effectiveTime, isEstimated: message.estimated) : nil)
    }
}

extension ConflictNotes.Origin {
    var message: Porchlight_V1_Origin {
        var message = Porchlight_V1_Origin()
        message.incarnation = dot.incarnation.field
        message.n = dot.n
        message.device = device ?? ""
        if let receivedMicroseconds { message.received = receivedMicroseconds }
        switch arrival {
        case .sent: message.arrival = .sent
        case .released(let at):
            message.arrival = .released
            message.again = at
        case .brought(let at, let carrier):
            message.arrival = .brought
            message.again = at
            message.carrier = carrier
        }
        return message
    }

    init(_ message: Porchlight_V1_Origin) throws(WireError) {
        let device = try checked(message.device, "a device's code", empty: true)
        let arrival: ConflictNotes.Arrival
        switch message.arrival {
        case .released: arrival = .released(at: message.again)
        case .brought:
            arrival = .brought(
                at: message.again, by: try checked(message.carrier, "a device's code", empty: true))
        // A way that this version does not know is as good as any.
        default: arrival = .sent
        }
        self.init(
            dot: try Dot(field: message.incarnation, message.n), device: device.isEmpty ? nil : device,
            receivedMicroseconds: message.hasReceived ? message.received : nil, arrival: arrival)
    }
}

extension Dot {
    /// A change's dot, from its two fields.
    init(field incarnation: Data, _ n: UInt64) throws(WireError) {
        guard n > 0 else { throw .malformed("a change has no number") }
        self.init(try incarnation.identifier(), try counted(n))
    }
}
