import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

@Suite struct HappenedTests {
    private let time = LocalTime(now: TestDesk.now) { _ in -5 * 3_600 }

    @Test(
        arguments: [
            (
                ReplicaEvent.Kind.copied(agreed: 12, reissued: 3),
                ["found to be a copy", "after number 12", "3 entries", "only there"]
            ),
            (.copied(agreed: 0, reissued: 0), ["other entries under its name.", "nothing that the office"]),
            (
                .serverRestored(from: 1, to: 2, offered: 1, reissued: 2, brought: 3),
                [
                    "epoch 1, now 2", "1 entry that", "was offered", "2 entries that the office", "3 records",
                    "as it stood in the backup",
                ]
            ),
            (.serverRestored(from: 1, to: 2, offered: 0, reissued: 0, brought: 0), ["acknowledged no entry"]),
            (
                .displaced,
                ["found in another place", "name of its own", "not lost", "never sent was in the file"]
            ),
            (.sealed, ["an administrator retired this laptop"]),
        ])
    func `an event is told with its date and what it means`(kind: ReplicaEvent.Kind, words: [String]) throws {
        let event = ReplicaEvent(at: TestDesk.now * 1_000_000, kind: kind)
        let told = Happened.words(event, time)
        #expect(told.hasPrefix("2026-03-02 09:30: "))
        let others = [ReplicaEvent(at: event.at, kind: .sealed)]
        let isRestored = told.contains("put back to a backup")
        let found = Happened.restoration([event] + others, before: TestDesk.now + 5 * 86_400)
        #expect(found == (isRestored ? TestDesk.now : nil))
        #expect(Happened.restoration([event], before: TestDesk.now + 31 * 86_400) == nil)
        for word in words { #expect(told.contains(word), "\(told)") }
        let json = Happened.json(event, time).text
        #expect(json.hasPrefix(#"{"at":"2026-03-02T14:30:00Z","kind":""#) && json.contains(#""text":""#))
    }
}
