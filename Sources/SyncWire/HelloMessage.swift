import SwiftProtobuf
import SyncModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Hello {
    func message(changes: Int, others: Int) -> Porchlight_V1_Hello {
        var message = Porchlight_V1_Hello()
        message.protocolLow = protocols.lowerBound
        message.protocolHigh = protocols.upperBound
        message.incarnation = incarnation.field
        message.newest = newest
        message.newestHash = Data(newestHash.bytes)
        message.firstUnsent = firstUnsent
        message.hashBefore = Data(hashBefore.bytes)
        message.epoch = epoch
        message.cursor = Data(cursor)
        message.heard = heard
        message.schema = schema
        message.clock.wall = clock.wallMicroseconds
        message.clock.boot = clock.boot.field
        message.clock.sinceBoot = clock.bootMicroseconds
        message.pageRecords = pageRecords
        message.waitSeconds = waitSeconds
        message.failures = failures
        message.changes = UInt32(clamping: changes)
        message.others = UInt32(clamping: others)
        message.asksMarks = asksMarks
        message.sealed = isSealed
        return message
    }

    init(_ message: Porchlight_V1_Hello) throws(WireError) {
        guard message.protocolLow > 0, message.protocolLow <= message.protocolHigh else {
            throw .malformed("the protocol versions are no range")
        }
        guard message.cursor.count <= Limits.cursorBytes else { throw .tooLarge("the cursor") }
        let newest = try counted(message.newest)
        let firstUnsent = try counted(message.firstUnsent)
        guard firstUnsent > 0, firstUnsent - 1 <= newest else {
            throw .malformed("the first unsent change is not one above a change there is")
        }
        self.init(
            protocols: message.protocolLow...message.protocolHigh,
            incarnation: try message.incarnation.identifier(),
            newest: newest, newestHash: try message.newestHash.hash(),
            firstUnsent: firstUnsent, hashBefore: try message.hashBefore.hash(),
            epoch: try counted(message.epoch), cursor: message.cursor.octets,
            heard: try counted(message.heard), schema: message.schema,
            clock: ClockReading(
                wallMicroseconds: message.clock.wall, boot: try message.clock.boot.identifier(),
                bootMicroseconds: message.clock.sinceBoot),
            pageRecords: message.pageRecords, waitSeconds: message.waitSeconds,
            failures: message.failures, asksMarks: message.asksMarks, isSealed: message.sealed)
    }
}
