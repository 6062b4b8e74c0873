import PeerSupport
import SyncModel
import SyncReplica
import SyncWire
import Testing

@testable import porchlight

/// What `conflicts` prints to decide on, beside the values: what a clock left, who was merged into whom, who is who, and
/// from which laptop.
@Suite("What there is to decide on") struct ToDecideOnTests {
    private static let now = TestDesk.now * 1_000_000
    private static let days: Int64 = 3 * 86_400_000_000

    /// A laptop to which a sync brought some records.
    private struct Brought {
        let desk: TestDesk
        let replica: Replica

        init(_ records: [PageRecord]) async throws {
            let server = PlayedServer { request in
                PlayedServer.takes(request, records: request.hello.cursor.isEmpty ? records : [])
            }
            desk = try TestDesk(server: server)
            replica = try desk.enrolled(role: "administrator")
            _ = try await replica.sync(with: server)
        }

        func said(_ arguments: String...) -> String {
            let before = desk.out.text.count
            _ = Command.run(arguments + ["--replica", desk.path], in: desk.world, on: desk.screen)
            return String(desk.out.text.dropFirst(before))
        }

        func open(_ kind: ConflictKind) throws -> ConflictText {
            let common = try commonOptions(["--replica", desk.path])
            let here = Desk(common, world: desk.world, screen: desk.screen)
            return ConflictText(
                try #require(try OpenConflicts(in: here.replica()).all.first { $0.kind == kind }), at: here)
        }
    }

    private static func id(_ n: UInt64) -> RecordID {
        Identifier(high: 0x0199_aaaa_bbbb_7ccc, low: 0x8000_0000_dead_be00 + n)
    }

    /// A change by a laptop of its own, `ahead` microseconds before the agency's clock.
    private static func change(
        _ laptop: UInt64, _ n: UInt64, _ author: String, _ writes: [RegisterWrite], ahead: Int64 = 0,
        read: Context = Context()
    ) -> LiveChange {
        LiveChange(
            dot: Dot(Identifier(high: laptop, low: laptop), n), author: author, writes: writes, context: read,
            effective: EffectiveTime(microseconds: now), deviceMicroseconds: now + ahead)
    }

    private static func record(
        _ n: UInt64, _ table: String, _ live: [LiveChange], _ notes: ConflictNotes? = nil
    ) -> PageRecord {
        PageRecord(
            id: id(n), keys: ["all"],
            body: .state(StateCodec.encode(RecordState(table: table, live: live))), notes: notes)
    }

    private static func participant(_ code: String, _ more: KeyValuePairs<String, Value?> = [:]) throws
        -> [RegisterWrite]
    {
        var writes = try Writes(
            "participant",
            [
                "code": .text(code), "preferred_name": .text("Kay"), "family_name": .text("Marsh"),
                "site": .text("S1"),
            ])
        for (field, value) in more { writes.set(field, value) }
        return writes.registers
    }

    private static func visit(start: Int64, amends: RecordID? = nil, minutes: Int64 = 20) throws
        -> [RegisterWrite]
    {
        try Writes(
            "check_in",
            [
                "participant": .reference(id(1)), "peer": .text("PS07"), "activity": .text("check_in"),
                "start_at": .integer(start), "end_at": .integer(start + minutes * 60),
                "minutes": .integer(minutes),
                "did": .text("walked"), "amends": amends.map { .reference($0) },
            ]
        ).registers
    }

    /// A check-in whose start was taken from a clock that was three days ahead.
    private func startedByWrongClock() async throws -> Brought {
        let start = TestDesk.now + 3 * 86_400 - 1_200
        return try await Brought([
            Self.record(1, "participant", [Self.change(9, 1, "PS07", try Self.participant("P0142"))]),
            Self.record(
                2, "check_in", [Self.change(9, 2, "PS07", try Self.visit(start: start), ahead: Self.days)]),
        ])
    }

    @Test
    func `the start of a check-in that came from a wrong clock is named, with the command to put it right`()
        async throws
    {
        let brought = try await startedByWrongClock()
        let text = try brought.open(.clock)
        let shown = brought.said("conflicts", "show", text.name)
        #expect(
            shown.contains(
                "Its start, 2026-03-05 09:10, was taken from that clock and is as far off: --keep A leaves it so.\n"
            ),
            "\(shown)")
        let command = "porchlight checkin amend \(Self.id(2).short) --at \"2026-03-02 09:10\""
        #expect(shown.contains("put it right: \(command)\n"), "\(shown)")
        #expect(shown.contains("--keep A (when it counts as written)"))
        #expect(!shown.contains("typed"), "\(shown)")
        // Copied, the command does it.
        #expect(
            brought.desk.run("checkin", "amend", Self.id(2).short, "--at", "2026-03-02 09:10") == 0,
            "\(brought.desk.err.text)")
        let right = try brought.replica.find(Query("check_in", where: [.isSet("amends")])).first
        #expect(right?["start_at"] == .integer(TestDesk.now - 1_200) && right?["minutes"] == .integer(20))
        // What is void needs no start.
        #expect(!brought.said("conflicts", "show", text.name).contains("put it right"))
    }

    @Test func `of many clocks at once the starts that stay wrong are named, before and after`() async throws
    {
        let brought = try await startedByWrongClock()
        let text = try brought.open(.clock)
        let command = "porchlight checkin amend \(Self.id(2).short) --at \"2026-03-02 09:10\""
        let all = ["resolve", "--all", "--kind", "clock", "--keep", "A", "--reason", "the laptop was set"]
        let left =
            "its start, 2026-03-05 09:10, was taken from that clock and stays as far off; put it right: \(command)\n"
        let preview = brought.desk.hear(all)
        #expect(preview.code == 65 && preview.err.contains("(it stays so); \(left)"), "\(preview)")
        let done = brought.desk.hear(all + ["--yes"])
        #expect(done.code == 0 && done.out.contains(": \(left)"), "\(done)")
        let late = brought.desk.hear(["resolve", text.name, "--keep", "A", "--reason", "so"])
        #expect(late.code == 65 && late.err.contains("already decided by SV01 today "), "\(late)")
        #expect(late.err.contains("porchlight reopen "), "\(late)")
    }

    @Test func `a start that was typed stays as it was typed, and where there is no time there is none`()
        async throws
    {
        let typed = try await Brought([
            Self.record(1, "participant", [Self.change(9, 1, "PS07", try Self.participant("P0142"))]),
            Self.record(
                2, "check_in",
                [Self.change(9, 2, "PS07", try Self.visit(start: TestDesk.now - 90_000), ahead: Self.days)]),
        ])
        let shown = typed.said("conflicts", "show", try typed.open(.clock).name)
        #expect(
            shown.contains("Its start, 2026-03-01 08:30, was typed and stays as it was typed;"), "\(shown)")
        #expect(shown.contains("if it is wrong: porchlight checkin amend \(Self.id(2).short) --at \"…\"\n"))
        let person = try await Brought([
            Self.record(
                1, "participant", [Self.change(9, 1, "PS07", try Self.participant("P0142"), ahead: Self.days)]
            )
        ])
        let said = person.said("conflicts", "show", try person.open(.clock).name)
        #expect(said.contains("Nothing that it says was taken from that clock.\n"), "\(said)")
        #expect(!said.contains("typed") && !said.contains("amend"), "\(said)")
        let dated = try await Brought([
            Self.record(
                1, "participant",
                [
                    Self.change(
                        9, 1, "PS07",
                        try Self.participant(
                            "P0142",
                            [
                                "consent": .text("yes"),
                                "consent_on": .day(CivilDate(year: 2026, month: 3, day: 5)),
                            ]), ahead: Self.days)
                ])
        ])
        #expect(
            dated.said("conflicts", "show", try dated.open(.clock).name).contains(
                "consent on 2026-03-05 was taken from that clock, and stays so: --keep A does not change it.\n"
            ))
    }

    @Test func `of a ring everybody is named, with who merged whom and the way out at each place`()
        async throws
    {
        let brought = try await Brought([])
        let replica = brought.replica
        let kay = try replica.addParticipant("P0191", "Kay")
        let lou = try replica.addParticipant("P0188", "Lou")
        let max = try replica.addParticipant("P0200", "Max")
        let round = [(kay, lou, "SU01"), (lou, max, "SU02"), (max, kay, "AD01")]
        try replica.edit { edit in
            for (old, into, by) in round {
                try edit.write(
                    old,
                    [
                        RegisterWrite(
                            "redirect", [.reference(into), .text(by), .integer(TestDesk.now - 3_600)])
                    ])
                _ = try DecisionRecord(
                    kind: .merge, subject: old, register: nil, other: into, answers: nil, by: "SV01",
                    at: TestDesk.now - 3_600, reason: "so says \(by)", before: nil, after: nil
                ).write(to: edit, telling: [])
            }
        }
        let text = try brought.open(.ring)
        let shown = brought.said("conflicts", "show", text.name)
        for line in [
            "P0191 Kay was merged into P0188 Lou by SU01 today 08:30: so says SU01\n",
            "P0188 Lou was merged into P0200 Max by SU02 today 08:30: so says SU02\n",
            "P0200 Max was merged into P0191 Kay by AD01 today 08:30: so says AD01\n",
            "take that back: porchlight participant unmerge \(lou.short) --reason \"…\"\n",
            "then the others lead to P0188 Lou, under which the person is shown\n",
        ] {
            #expect(shown.contains(line), "\(line)\n\(shown)")
        }
        let first = String(brought.said("conflicts").split(separator: "\n").first ?? "")
        #expect(["P0191 Kay", "P0188 Lou", "P0200 Max"].allSatisfy(first.contains), "\(first)")
        let json = brought.said("conflicts", "--json")
        #expect(
            json.contains(
                #"{"old":"\#(lou.text)","into":"\#(max.text)","by":"SU02","at":"2026-03-02T13:30:00Z","#))
        #expect(brought.desk.run("participant", "unmerge", lou.short, "--reason", "seen") == 0)
        #expect(brought.said("participant", "show", "P0191").hasPrefix("P0188 Lou\n"))
    }

    @Test func `of two that may be one person there is what to tell them by`() async throws {
        let other = Self.change(
            9, 1, "PS07",
            try Self.participant(
                "P0300",
                ["birth_year": .integer(1961), "phone": .text("555 0100"), "residence": .text("Elm 4")]))
        let brought = try await Brought([Self.record(1, "participant", [other])])
        let here = try brought.replica.addParticipant("P0300", "Ann", family: "Marsh")
        let text = try brought.open(.duplicate)
        let shown = brought.said("conflicts", "show", text.name)
        let letters = try text.sides().map { ($0.letter, $0.record?.id) }
        for (letter, id) in letters {
            #expect(shown.contains("  \(letter)  porchlight participant show \(try #require(id).short)\n"))
        }
        // One column for each, in the order of the letters.
        let isFirst = letters.first?.1 == here
        func row(_ label: String, _ mine: String, _ theirs: String) throws -> Bool {
            let pair = isFirst ? [mine, theirs] : [theirs, mine]
            let line = try #require(
                shown.split(separator: "\n").first { $0.hasPrefix("  \(label)  ") }, "\(label)\n\(shown)")
            let cells = line.dropFirst(label.count + 2).split(
                separator: "  ", omittingEmptySubsequences: true)
            return cells.map { String($0).trimmed } == pair
        }
        #expect(try row("year of birth", "(nothing)", "1961"), "\(shown)")
        #expect(try row("phone", "(nothing)", "555 0100"), "\(shown)")
        #expect(try row("residence", "(nothing)", "Elm 4"), "\(shown)")
        #expect(try row("added by", "SV01", "PS07"), "\(shown)")
        #expect(try row("added", "2026-03-02 09:30", "2026-03-02 09:30"), "\(shown)")
        #expect(try row("on laptop", "LT-11", "(not known here)"), "\(shown)")
        #expect(
            shown.contains("the server knows the laptop: porchlight history \(Self.id(1).short) --server\n"))
        let json = brought.said("conflicts", "--json")
        #expect(json.contains(#""phone":"555 0100""#) && json.contains(#""added_by":"SV01""#), "\(json)")
    }

    @Test func `two values of one author are told apart by their laptops, as far as these are known`()
        async throws
    {
        let made = Self.change(9, 1, "PS07", try Self.participant("P0142"))
        let read = Context([.init(made.dot.incarnation, 1)])
        let one = Self.change(8, 1, "PS07", [RegisterWrite("contact", [.text("1"), .none])], read: read)
        let other = Self.change(7, 1, "PS07", [RegisterWrite("contact", [.text("2"), .none])], read: read)
        let bare = try await Brought([Self.record(1, "participant", [made, one, other])])
        let list = bare.said("conflicts")
        #expect(
            list.split(separator: "laptop not known", omittingEmptySubsequences: false).count == 3, "\(list)")
        let shown = bare.said("conflicts", "show", try bare.open(.values).name)
        #expect(
            shown.contains(
                "  A  on which laptop, and when it reached the server, is not known on this one\n"),
            "\(shown)")
        #expect(
            shown.contains(
                "  B  on which laptop, and when it reached the server, is not known on this one\n"),
            "\(shown)")
        let notes = ConflictNotes(
            bases: [],
            origins: [.init(dot: one.dot, device: "LT-08", receivedMicroseconds: nil, arrival: .sent)])
        let half = try await Brought([Self.record(1, "participant", [made, one, other], notes)])
        #expect(
            half.said("conflicts").contains("LT-08") && half.said("conflicts").contains("laptop not known"))
        #expect(half.said("conflicts", "--json").contains(#""device":"LT-08""#))
    }

    @Test func `corrections have the laptops of the marks that they left, and a mark names its correction`()
        async throws
    {
        let made = Self.change(9, 1, "PS07", try Self.visit(start: TestDesk.now - 7_200))
        let read = Context([.init(made.dot.incarnation, 1)])
        func mark(_ laptop: UInt64) -> LiveChange {
            Self.change(
                laptop, 2, "PS07",
                [
                    RegisterWrite(
                        "void",
                        [
                            .integer(TestDesk.now), .text("PS07"),
                            .text(laptop == 8 ? VoidedCorrections.reason : "typo"),
                        ])
                ], read: read)
        }
        let notes = ConflictNotes(
            bases: [],
            origins: [8, 7].map { laptop in
                .init(
                    dot: mark(laptop).dot, device: "LT-0\(laptop)", receivedMicroseconds: nil, arrival: .sent)
            })
        func correction(_ laptop: UInt64, _ n: UInt64, void: Bool = false) throws -> PageRecord {
            var writes = try Self.visit(
                start: TestDesk.now - 7_200, amends: Self.id(2), minutes: Int64(laptop))
            if void { writes.append(RegisterWrite("void", [.integer(1), .text("PS07"), .text("wrong")])) }
            return Self.record(
                n, "check_in", [Self.change(laptop, 1, "PS07", writes.sorted { $0.register < $1.register })])
        }
        let both = try await Brought([
            Self.record(2, "check_in", [made, mark(8), mark(7)], notes), try correction(8, 3),
            try correction(7, 4),
        ])
        let list = both.said("conflicts")
        #expect(list.contains("[amendments: corrected twice]"), "\(list)")
        #expect(list.contains("LT-08") && list.contains("LT-07") && !list.contains("not known"), "\(list)")
        // One of them is void by its own word: the marks are two reasons, and that it is void nobody doubts.
        let marks = try await Brought([
            Self.record(2, "check_in", [made, mark(8), mark(7)], notes), try correction(8, 3),
            try correction(7, 4, void: true),
        ])
        #expect(marks.said("conflicts") == "nothing has to be decided\n")
        // Somebody signed it who knew of neither: each mark says whose it is.
        let signed = Self.change(
            6, 1, "PS07", [RegisterWrite("note", [.text("walked"), .none, .none, .none])],
            read: read)
        let went = try await Brought([
            Self.record(2, "check_in", [made, mark(8), mark(7), signed], notes), try correction(8, 3),
            try correction(7, 4, void: true),
        ])
        let shown = went.said("conflicts")
        #expect(shown.contains("\(VoidedCorrections.reason) (check-in \(Self.id(3).short))"), "\(shown)")
        #expect(shown.contains("typo (check-in \(Self.id(4).short))"), "\(shown)")
    }
}
