import PeerSupport
import SyncModel
import SyncReplica

/// What happened to this laptop's file and to the server, in words: when, what it meant for the records, and what is
/// left to do.
enum Happened {
    /// One event as a sentence or three.
    static func words(_ event: ReplicaEvent, _ time: LocalTime) -> String {
        "\(time.text(of: floorSeconds(event.at))): \(words(event.kind))"
    }

    private static func words(_ kind: ReplicaEvent.Kind) -> String {
        switch kind {
        case .copied(let agreed, let reissued):
            let known =
                agreed == 0
                ? "the office had other entries under its name"
                : "the office had other entries under its name after number \(agreed)"
            return
                "this file was found to be a copy, or to have been put back from an older one, or a restored server knew it by "
                + "an earlier name: \(known). "
                + "It goes on under a name of its own. \(again(reissued)) Nothing that was synced is lost; should "
                + "there be another copy, what was recorded in it and never synced is only there."
        case .displaced:
            return
                "this file was found in another place than where it was left, or put back from an older one. As soon "
                + "as nothing in it waited to be sent it took a name of its own, so that no entry is mistaken for one "
                + "of another copy. What had been synced is not lost, and comes back with a sync. What was recorded "
                + "since this copy was made and never sent was in the file that was replaced or left behind: it is "
                + "not here."
        case .serverRestored(let from, let to, let offered, let reissued, let brought):
            var parts = ["the office's server had been put back to a backup (epoch \(from), now \(to))."]
            parts.append(
                offered == 0
                    ? "It had acknowledged no entry of this laptop."
                    : "\(Wording.count(offered, "entry", "entries")) that it had acknowledged before "
                        + "\(offered == 1 ? "was" : "were") offered to it again.")
            if reissued > 0 { parts.append(again(reissued)) }
            if brought > 0 {
                let records = Wording.count(brought, "record", "records")
                parts.append(
                    "\(records) with what others wrote \(brought == 1 ? "was" : "were") brought back.")
            }
            parts.append(
                "What this laptop had recorded is not lost. What others wrote since the backup is shown as it stood in the "
                    + "backup until they or an administrator have synced.")
            return parts.joined(separator: " ")
        case .sealed:
            return
                "an administrator retired this laptop. It shows its records no more; what was not sent goes to the office "
                + "when it syncs, and an administrator decides about what came too late."
        }
    }

    /// When the server was restored, seconds since 1970, if that was in the last 30 days: so long somebody may not have
    /// synced since.
    static func restoration(_ events: [ReplicaEvent], before now: Int64) -> Int64? {
        events.last { event in
            guard case .serverRestored = event.kind else { return false }
            return floorSeconds(event.at) > now - 30 * 86_400
        }
        .map { floorSeconds($0.at) }
    }

    /// Whether anything was offered, issued anew or brought back to the server when it was restored last.
    static func gaveBack(_ events: [ReplicaEvent]) -> Bool {
        for event in events.reversed() {
            if case .serverRestored(_, _, let offered, let reissued, let brought) = event.kind {
                return offered + reissued + brought > 0
            }
        }
        return false
    }

    private static func again(_ reissued: Int) -> String {
        switch reissued {
        case 0: "There was nothing that the office did not have."
        case 1: "1 entry that the office did not have was issued anew."
        default: "\(reissued) entries that the office did not have were issued anew."
        }
    }

    /// One event for programs.
    static func json(_ event: ReplicaEvent, _ time: LocalTime) -> JSON {
        var document: JSON = ["at": .moment(event.at)]
        switch event.kind {
        case .copied(let agreed, let reissued):
            document = document.adding("kind", "copied").adding("agreed", .integer(Int64(clamping: agreed)))
                .adding("reissued", .count(reissued))
        case .serverRestored(let from, let to, let offered, let reissued, let brought):
            document = document.adding("kind", "server_restored")
                .adding("epoch_from", .integer(Int64(clamping: from)))
                .adding("epoch_to", .integer(Int64(clamping: to))).adding("offered", .count(offered))
                .adding("reissued", .count(reissued)).adding("brought", .count(brought))
        case .displaced: document = document.adding("kind", "displaced")
        case .sealed: document = document.adding("kind", "sealed")
        }
        return document.adding("text", .text(words(event.kind)))
    }
}
