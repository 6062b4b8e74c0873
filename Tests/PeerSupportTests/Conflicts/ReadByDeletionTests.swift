import SyncModel
import Testing

@testable import PeerSupport

/// What somebody who deleted a participant knew of on whose caseload they were.
@Suite("What a deletion had read") struct ReadByDeletionTests {
    private let office = Make.id(101)
    private let other = Make.id(102)

    private func change(
        _ laptop: RecordID, _ n: UInt64, _ writes: [RegisterWrite], read: [Context.Entry] = []
    ) -> LiveChange {
        LiveChange(
            dot: Dot(laptop, n), author: "AD01", writes: writes, context: Context(read), effective: nil,
            deviceMicroseconds: 1)
    }

    private func isRead(_ live: LiveChange..., by deletions: LiveChange...) -> Bool {
        ReadByDeletion.covers(RecordState(table: "assignment", live: live), deletions)
    }

    @Test func `is what it has marked since, and what was written by those who read the mark`() {
        let made = change(other, 3, [RegisterWrite("period", [.integer(5), .none])])
        let deletion = change(office, 7, [RegisterWrite(deletedRegister, [.integer(1)])])
        let mark = change(office, 8, [ReadByDeletion.mark], read: [.init(other, 3)])
        #expect(!isRead(made, by: deletion))
        #expect(isRead(made, mark, by: deletion))
        // What that laptop had written before, it had not read the deletion.
        let before = change(office, 6, [ReadByDeletion.mark], read: [.init(other, 3)])
        #expect(!isRead(made, before, by: deletion))
        let ended = change(
            other, 4, [RegisterWrite("period", [.integer(5), .integer(6)])],
            read: [.init(office, 8), .init(other, 3)])
        #expect(isRead(ended, by: deletion))
        // One of two who deleted apart is enough.
        let second = change(other, 9, [RegisterWrite(deletedRegister, [.integer(1)])])
        #expect(!isRead(made, by: second) && isRead(made, mark, by: second, deletion))
        // A mark deletes nothing.
        #expect(RecordState(table: "assignment", live: [made, mark]).deletion == .none)
    }
}
