import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

/// Whoever decides about what they were shown decides nothing about what others have decided apart since.
@Suite("A choice between records that others have made apart") struct StaleChoiceTests {
    private static let staff = [
        (code: "AD01", role: "administrator"), (code: "SV01", role: "supervisor"),
        (code: "SV02", role: "supervisor"), (code: "PS07", role: "peer"), (code: "PS07", role: "peer"),
    ]

    /// The third has looked; the first two decide apart, so that it is asked again; and the third decides for what they saw.
    private func expectRefused(_ kind: ConflictKind, _ keeps: [String], in desks: ApartDesks) async throws {
        let late = desks[2]
        let name = try late.name(kind)
        let bare = String(name.prefix { $0 != "@" })
        let page = try late.said("conflicts", "show", bare)
        let token = try #require(page.split(separator: "\n").last { $0.hasPrefix("token ") }).dropFirst(6)
        for (place, keep) in keeps.enumerated() {
            try desks[place].said(
                "resolve", desks[place].name(kind), "--keep", keep, "--reason", "by \(place)")
        }
        try await desks.meet()
        #expect(try late.name(kind) != name && late.name(kind) == desks[0].name(kind))
        let before = try OpenConflicts.decisions(in: late.replica).count
        for arguments in [
            [name], [name, "--token", String(token)], [bare], [bare, "--token", String(token)],
        ] {
            let refused = late.hear(["resolve"] + arguments + ["--keep", "B", "--reason", "too late"])
            #expect(refused.code == 65, "\(arguments): \(refused)")
            #expect(refused.err.contains("porchlight conflicts show \(bare)"), "\(refused)")
        }
        #expect(try OpenConflicts.decisions(in: late.replica).count == before)
        // Having looked again they may.
        let again = try late.said("conflicts", "show", bare)
        #expect(again.contains("by 0\n") && again.contains("by 1\n"), "\(again)")
        try late.said("resolve", bare, "--keep", keeps[0], "--reason", "seen both")
    }

    @Test func `two records that one calls one person and another two people`() async throws {
        let desks = try await ApartDesks(Self.staff)
        for place in [3, 4] {
            try desks[place].said(
                "participant", "add", "Cleo", "--family", "Hart", "--site", "S1", "--born", "1970")
        }
        try await desks.meet()
        try await expectRefused(.duplicate, ["both", "A"], in: desks)
    }

    @Test func `two corrections of which each keeps another`() async throws {
        let desks = try await ApartDesks(Self.staff)
        try desks[3].said("checkin", "add", "P0142", "walked", "--at", "yesterday 10:05")
        try await desks.meet()
        let visit = try #require(try desks[0].replica.find(Query("check_in")).first).id
        try desks[3].said("checkin", "amend", visit.text, "--did", "rode", "--reason", "x")
        try desks[4].said("checkin", "amend", visit.text, "--did", "ran", "--reason", "y")
        try await desks.meet()
        try await expectRefused(.amendments, ["A", "B"], in: desks)
    }
}
