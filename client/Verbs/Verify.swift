import ArgumentParser
import PeerSupport
import SyncModel
import SyncReplica

struct Verify: LookingVerb {
    static let configuration = CommandConfiguration(
        abstract: "Compare this laptop's records with the office's, and name those that differ.",
        discussion: """
            Only digests are sent, not the records. Where this laptop has not fetched everything, it syncs first; what \
            waits to be sent has no part in the comparison. Ends with 0 when all is equal, and with 65 and a list when \
            it is not. What only this laptop has since the server was restored is listed and is no difference: it is kept \
            until the server has it back. Whether what is shown is what the records say, `porchlight doctor` looks.

            Example: porchlight verify
            """)

    @OptionGroup var common: CommonOptions

    /// How often it syncs before it gives up: somebody may write all the time.
    private static let syncs = 3

    func run(at desk: Desk) throws {
        let replica = try desk.replica()
        let link = try desk.link()
        let (report, syncs) = try Self.report(replica, link, desk)
        let found = try Found(report, replica)
        desk.show(found.json(report, syncs: syncs)) { page in
            let different = report.differences
            if different == 0 {
                let records = Wording.count(report.records, "record")
                let but =
                    report.kept.isEmpty ? "" : ", but for \(report.kept.count) that it has not got back yet"
                page.line("\(records) on this laptop, all as the office has them\(but)", .good)
            }
            if found.rows.isEmpty { return }
            page.table(["what", "id", "record"], found.rows.map { $0.cells })
            if report.findings.unnamed > 0 {
                page.line("and \(report.findings.unnamed) more")
            }
            if !report.kept.isEmpty {
                page.line(
                    "What is only here since the server was restored is kept: nothing is to be done. The server has it "
                        + "again when whoever wrote it, or an administrator, has synced.")
            }
        }
        guard report.differences == 0 else { throw Self.differs(report.differences, desk) }
    }

    /// Compares; as long as there are news, fetches them first.
    private static func report(
        _ replica: Replica, _ link: any ServerLink, _ desk: Desk
    ) throws -> (VerifyReport, syncs: Int) {
        var syncs = 0
        while true {
            do {
                return (try Waiting.on { try await replica.verify(with: link) }, syncs)
            } catch let error as SyncError where error.code == .stale && syncs < Self.syncs {
                syncs += 1
                _ = try Sync.once(replica, link, desk)
            }
        }
    }

    private static func differs(_ count: Int, _ desk: Desk) -> SyncError {
        let records = Wording.count(count, "record differs", "records differ")
        return SyncError(
            .damaged, "\(records) from what the office has",
            means: "what the office has is as it was; nothing was changed on either side",
            advice: "if the server was restored lately: sync and verify again once an administrator has "
                + "synced. Otherwise keep the file \(desk.path) and speak to your administrator before "
                + "recording more")
    }
}

extension Verify {
    /// The records that differ, as they are told.
    private struct Found {
        struct Row {
            let kind: String
            let words: String
            let id: RecordID
            let view: RecordView?

            var cells: [Page.Cell] {
                let label = view.map { "\(Wording.table($0.table.name)) \(Wording.label(of: $0))" }
                return [Page.Cell(words, .warning), Page.Cell(id.text), Page.Cell(label ?? "")]
            }
        }

        let rows: [Row]

        init(_ report: VerifyReport, _ replica: Replica) throws {
            let kept = Set(report.kept)
            // What was altered may be beyond reading, and then has no name.
            func row(_ kind: String, _ words: String, _ id: RecordID) -> Row {
                Row(kind: kind, words: words, id: id, view: (try? replica.view(id)) ?? nil)
            }
            let findings = report.findings
            rows =
                findings.altered.map { row("altered", "not as the office has it", $0) }
                + findings.missing.map { row("missing", "missing here", $0) }
                + findings.surplus.map { id in
                    kept.contains(id)
                        ? row("kept", "only here since the server was restored", id)
                        : row("surplus", "not this laptop's to hold, or only here", id)
                }
        }

        func json(_ report: VerifyReport, syncs: Int) -> JSON {
            [
                "equal": .flag(report.differences == 0), "kept": .count(report.kept.count),
                "records": .count(report.records),
                "differences": .list(
                    rows.map { row in
                        [
                            "record": .text(row.id.text), "kind": .text(row.kind),
                            "table": .optional(row.view?.table.name),
                        ]
                    }),
                "unnamed": .count(report.findings.unnamed), "syncs": .count(syncs),
                "requests": .count(report.requests),
            ]
        }
    }
}

extension VerifyReport {
    /// How many records differ and should not: all but those that are kept since the server was restored.
    fileprivate var differences: Int { findings.count - kept.count }
}
