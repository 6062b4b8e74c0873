import Foundation
import Testing

/// Three laptops on which every kind of conflict arises, an administrator who finishes all of them from the command
/// line, and authors who are told.
@Suite struct ConflictsTests {
    private struct People {
        let agency: Agency
        let rosa: Laptop
        let leo: Laptop
        var office: Laptop { agency.founder }
        var all: [Laptop] { [rosa, leo, office] }

        init() async throws {
            agency = try await Agency()
            rosa = try await agency.laptop(of: "PS07")
            leo = try await agency.laptop(of: "PS09")
        }
    }

    @Test func `an administrator finishes every kind of conflict, and every author is told`() async throws {
        let people = try await People()
        let (rosa, leo, office) = (people.rosa, people.leo, people.office)
        try await writeApart(people)
        try await people.agency.start()
        try await people.all.meet()
        let kinds = try await office.conflicts().map(\.kind)
        #expect(Set(kinds) == ["values", "transition", "void", "deletion", "duplicate"], "\(kinds)")
        #expect(kinds.filter { $0 == "duplicate" }.count == 2)

        // The office decides, each in another way.
        let shown = try await office.json("conflicts", "show", office.conflict("values"))
        #expect(shown["values"].list.compactMap { $0["device"].text }.count == 2)
        #expect(shown["values"].list.allSatisfy { $0["received"].text != nil })
        // Of the others, too, where each value was written and when it reached the server.
        for one in try await office.json("conflicts")["conflicts"].list {
            for side in one["values"].list where side["written"].text != nil {
                #expect(side["device"].text != nil && side["received"].text != nil, "\(one)")
            }
            if one["kind"].text == "duplicate" {
                #expect(one["values"].list.allSatisfy { $0["person"]["device"].text != nil }, "\(one)")
            }
        }
        #expect(try await office.done("conflicts").contains("at the server "))
        try await office.done(
            "resolve", office.conflict("values"), "--value", "phone=555 0107", "--value",
            "best way=mornings",
            "--reason", "both are right")
        try await office.done(
            "resolve", office.conflict("transition"), "--keep", "newest", "--reason", "agreed on Monday"
        )
        try await office.done(
            "resolve", office.conflict("void"), "--keep", "A", "--reason", "wrong person")
        try await office.done(
            "resolve", office.conflict("deletion"), "--keep", "A", "--reason", "nobody of this name")
        try await finishDuplicates(people)
        #expect(try await office.conflicts().isEmpty)
        try await people.all.meet()

        for laptop in people.all { #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)") }
        // Who was deleted is found by their code where they were known, with who says so.
        for laptop in [rosa, office] {
            let history = try await laptop.done("history", "P0950")
            #expect(history.contains("It was deleted by AD01 today"), "\(laptop.name): \(history)")
        }
        #expect(try await office.digest == people.agency.digest)
        for laptop in people.all { #expect(try await laptop.json("verify")["equal"].flag == true) }
        #expect(
            try await rosa.query("SELECT phone, best_way FROM participant WHERE code = 'P0003'")
                == "555 0107|mornings")

        // Whose value is not the one that stays has a notice, with the reason.
        for laptop in [rosa, leo] {
            let told = try await laptop.json("notices")["decided"].list
            #expect(told.contains { $0["reason"].text == "both are right" }, "\(laptop.name)")
            #expect(try await laptop.done("status").contains("notice"))
        }
        let exported = try await office.done("conflicts", "export")
        for reason in [
            "nobody of this name", "entered by mistake", "both are right", "agreed on Monday", "wrong person",
            "two people", "one person",
        ] {
            #expect(exported.contains(reason), "\(reason)")
        }
        let audit = try await people.agency.run("audit")
        #expect(audit.contains("decision"))
        try await contestTheStep(people)
    }

    /// Of the two steps the other one: no step leads there any more, and whoever decides puts it right all the same.
    private func contestTheStep(_ people: People) async throws {
        let office = people.office
        let status = "SELECT status FROM referral"
        let before = try await office.query(status)
        let exported = try await office.done("conflicts", "export", "--format", "json")
        let decisions = try JSONTree(exported)["decisions"].list
        let decision = try #require(
            decisions.first { $0["reason"].text == "agreed on Monday" }?["decision"].text)
        try await people.rosa.done("reopen", decision, "--reason", "it was the other way round")
        try await people.all.meet()
        try await office.done(
            "resolve", office.conflict("contested"), "--keep", "B", "--reason", "asked both")
        try await people.all.meet()
        #expect(Set([before, try await office.query(status)]) == ["accepted", "declined"])
        for laptop in people.all {
            #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)")
            #expect(try await laptop.json("outbox")["entries"].list.isEmpty, "\(laptop.name)")
        }
    }

    @Test func `what is written on a record that was merged meanwhile is asked about, and its author told`()
        async throws
    {
        for (letter, isPeers) in [("A", false), ("A", true), ("B", true)] {
            let people = try await People()
            let (rosa, office) = (people.rosa, people.office)
            let decider = isPeers ? rosa : office
            try await office.done("participant", "edit", "P0001", "--phone", "555 0100")
            try await people.all.meet()
            try await office.done(
                "participant", "merge", "P0003", "--into", "P0001", "--yes", "--reason", "same date of birth")
            try await rosa.done("participant", "edit", "P0003", "--phone", "555 0107")
            try await people.all.meet()
            for laptop in people.all {
                #expect(try await laptop.conflicts().map(\.kind) == ["late"], "\(laptop.name)")
                #expect(try await laptop.done("status").contains("1 thing to decide"))
            }
            #expect(try await rosa.done("notices").contains("what you wrote is kept"))
            #expect(
                try await office.done("participant", "show", "P0001").contains("there with: phone 555 0107"))
            let id = try await office.conflict("late")
            let shown = try await office.done("conflicts", "show", id)
            #expect(shown.contains("555 0100") && shown.contains("555 0107"))
            try await decider.done("resolve", id, "--keep", letter, "--reason", "rang her up")
            try await people.all.meet()
            for laptop in people.all {
                #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)")
                #expect(try await laptop.json("outbox")["entries"].list.isEmpty, "\(laptop.name)")
                #expect(
                    try await laptop.query("SELECT phone FROM participant WHERE code = 'P0001'")
                        == (letter == "A" ? "555 0100" : "555 0107"))
            }
            let told = try await rosa.json("notices")["decided"].list.compactMap { $0["reason"].text }
            #expect(told.contains("rang her up") == (letter == "A" && !isPeers), "\(told)")
            #expect(try await office.digest == people.agency.digest)
        }
    }

    /// Everything that people can write apart, with the server stopped; it stays stopped.
    private func writeApart(_ people: People) async throws {
        let (rosa, leo, office) = (people.rosa, people.leo, people.office)
        // What will be written apart.
        try await rosa.done(
            "checkin", "add", "P0003", "walked to the shop and talked", "--at", "yesterday 10:05")
        let visit = try #require(try await rosa.json("checkin", "list")["check_ins"].list.first?["id"].text)
        try await office.done("referral", "add", "P0003", "--to-peer", "PS07", "--need", "company")
        try await rosa.done("participant", "add", "Nobody", "--code", "P0950")
        try await people.all.meet()
        let referral = try #require(
            try await rosa.json("referral", "list")["referrals"].list.first?["id"].text)
        let short = String(referral.suffix(8))
        try await people.agency.stop()

        // Values.
        try await rosa.done("participant", "edit", "P0003", "--phone", "555 0107")
        try await leo.done("participant", "edit", "P0003", "--best-way", "mornings")
        // Two steps that exclude each other.
        try await rosa.done("referral", "accept", short)
        try await office.done("referral", "decline", short, "--reason", "not_a_fit")
        // A void and a deletion at the office, and Rosa goes on with both.
        try await office.done("delete", "P0950", "--reason", "entered by mistake")
        try await rosa.done("participant", "edit", "P0950", "--phone", "555 0111")
        try await office.done("checkin", "void", visit, "--reason", "entered for the wrong person")
        try await rosa.done("checkin", "sign", visit)
        // One code for two people.
        try await rosa.done("participant", "add", "Ina", "--family", "Berg", "--code", "P0900")
        try await leo.done("participant", "add", "Ole", "--family", "Dahl", "--code", "P0900")
        // One person twice.
        try await rosa.done("participant", "add", "Maria", "--family", "Santos", "--born", "1980")
        try await leo.done("participant", "add", "Maria", "--family", "Santoz", "--born", "1980")
    }

    /// Of the two pairs one is two people with one code, the other one person with two records.
    private func finishDuplicates(_ people: People) async throws {
        let office = people.office
        for (id, kind) in try await office.conflicts() where kind == "duplicate" {
            let text = try await office.done("conflicts", "show", id)
            if text.contains("P0900") {
                let rows = try await office.json("participant", "list", "P0900")["participants"].list
                let ole = try #require(rows.first { $0["preferred_name"].text == "Ole" }?["id"].text)
                try await office.done(
                    "participant", "renumber", ole, "--to", "P0901", "--reason", "two people")
            } else {
                try await office.done("resolve", id, "--keep", "A", "--reason", "one person")
            }
        }
    }

    @Test func `who resolves apart makes a conflict again, and whoever is not heard can contest`()
        async throws
    {
        let people = try await People()
        let (rosa, leo, office) = (people.rosa, people.leo, people.office)
        try await rosa.done("participant", "edit", "P0003", "--phone", "555 0107")
        try await leo.done("participant", "edit", "P0003", "--phone", "555 0109")
        try await people.all.meet()
        let id = try await office.conflict("values")
        try await office.done("resolve", id, "--keep", "A", "--reason", "the office says so")
        try await rosa.done("resolve", id, "--keep", "B", "--reason", "I asked her")
        try await people.all.meet()
        for laptop in people.all {
            #expect(try await laptop.conflicts().map(\.kind) == ["values"], "\(laptop.name)")
        }
        // What stands there is not what the name was shown with.
        let stale = try await office.refuses(
            "resolve", id, "--keep", "A", "--reason", "rang her up", exit: 65, code: "stale")
        #expect(stale.what.contains("the values have changed since they were shown"))
        let anew = try await office.conflict("values")
        let shown = try await office.done("conflicts", "show", anew)
        #expect(shown.contains("the office says so") && shown.contains("I asked her"))
        // Both had read what had been written apart before, and that was no one value.
        #expect(shown.contains("both had read  (no one value: nothing, or several)"), "\(shown)")
        try await office.done("resolve", anew, "--keep", "A", "--reason", "rang her up")
        try await people.all.meet()
        // A stale answer is refused with who has decided.
        let late = try await leo.refuses(
            "resolve", id, "--keep", "A", "--reason", "late", exit: 65, code: "nothing")
        #expect(late.what.contains("already decided by AD01"))
        // Somebody whose value was not kept contests; then it is open for everybody.
        var told = try await leo.json("notices")["decided"].list
        if told.isEmpty { told = try await rosa.json("notices")["decided"].list }
        let notice = try #require(told.first)
        let decision = try #require(notice["decision"].text)
        try await leo.done("reopen", decision, "--reason", "she told me herself")
        try await rosa.done("reopen", decision, "--reason", "her sister told me")
        try await people.all.meet()
        #expect(try await office.conflicts().map(\.kind) == ["contested"])
        let wishes = try await office.done("conflicts", "show", office.conflict("contested"))
        let register = try await office.done("conflicts", "export")
        for reason in ["she told me herself", "her sister told me"] {
            #expect(wishes.contains(reason) && register.contains(reason), "\(reason)")
        }
        try await office.done(
            "resolve", office.conflict("contested"), "--keep", "A", "--reason", "asked once more")
        try await people.all.meet()
        for laptop in people.all {
            #expect(try await laptop.conflicts().isEmpty, "\(laptop.name)")
            #expect(try await laptop.json("status")["conflicts"] == .number(0), "\(laptop.name)")
        }
        #expect(try await office.digest == people.agency.digest)
    }

    @Test func `a review takes single keys, and an editor a text with both values`() async throws {
        let people = try await People()
        let (rosa, leo, office) = (people.rosa, people.leo, people.office)
        for code in ["P0001", "P0003"] {
            try await office.done("participant", "edit", code, "--phone", "555 0100")
        }
        try await people.all.meet()
        for code in ["P0001", "P0003"] {
            try await rosa.done("participant", "edit", code, "--phone", "555 0107")
            try await office.done("participant", "edit", code, "--phone", "555 0109")
        }
        try await people.all.meet()
        #expect(try await office.conflicts().count == 2)
        // Keys that were pressed before a conflict stood there decide nothing about it.
        let hasty = try office.atTerminal("conflicts", "review")
        try await hasty.expect("q quit: ")
        try hasty.type("sa")
        try await hasty.expect("q quit: ")
        try hasty.press("q")
        let left = try await hasty.outcome()
        #expect(left.output.contains("decided: 0, left: 2") && !left.output.contains("why? "), "\(left)")

        let session = try office.atTerminal("conflicts", "review")
        try await session.expect("both had read  555 0100")
        try await session.expect("q quit: ")
        try session.press("a")
        try await session.expect("why? ")
        try session.type("rang her up")
        try await session.expect("decided (")
        try await session.expect("q quit: ")
        try session.press("q")
        let outcome = try await session.outcome()
        #expect(outcome.exit == .code(0), "\(outcome)")
        #expect(try await office.conflicts().count == 1)

        // The editor is a script that keeps the second number.
        let script = try people.agency.folder("editor").appending(path: "edit.sh")
        try Data(
            """
            #!/bin/sh
            cp "$1" "$1.seen"; grep -q '^<<<<<<< A' "$1" && grep -q '^||||||| both had read' "$1" || exit 1
            awk '/^<<<<<<</{skip=1} /^=======/{skip=0; next} /^>>>>>>>/{next} !skip' "$1.seen" > "$1"; rm "$1.seen"
            """.utf8
        ).write(to: script)
        let id = try await office.conflict("values")
        try await noEditor(for: id, on: office)
        let values = try await office.json("conflicts", "show", id)["values"].list
        let second = try #require(values.last?["writes"]["contact"]["phone"].text)
        let edited = try await office.run(
            ["resolve", id, "--edit", "--reason", "by hand"],
            environment: ["EDITOR": "sh \(script.path)"])
        #expect(edited.exit == .code(0), "\(edited)")
        #expect(edited.output.contains(second))
        #expect(try await office.conflicts().isEmpty)
        let nothing = try await office.run(
            ["resolve", id, "--edit", "--reason", "by hand"], environment: ["EDITOR": "true"])
        #expect(nothing.exit == .code(65))
        withExtendedLifetime(leo) {}
    }

    /// Where no editor is named nothing waits for keys: without a terminal it is refused, and at one where vi is not
    /// installed too; what is called vi is run only at a terminal.
    private func noEditor(for id: String, on office: Laptop) async throws {
        let piped = try await office.refuses(
            "resolve", id, "--edit", "--reason", "by hand", exit: 65, code: "nothing")
        #expect(piped.what.contains("no terminal") && piped.advice.contains("export EDITOR="))
        let bare = ["PATH": "/nowhere"]
        let bound = try await office.atTerminal(
            "resolve", id, "--edit", "--reason", "by hand", environment: bare
        ).outcome()
        #expect(bound.exit == .code(65) && bound.output.contains("vi is not installed"), "\(bound)")
        let review = try office.atTerminal("conflicts", "review", environment: bare)
        try await review.expect("q quit: ")
        try review.press("e")
        try await review.expect("left undecided: EDITOR names no editor, and vi is not installed")
        _ = try await review.outcome()
        // A vi that saves nothing and says what it was given. It is a link to what is installed: a script written here
        // could not be run where this folder forbids it or another process still has it open, and sh would then look
        // further along PATH for a vi that waits for keys.
        let folder = try office.runner.home.appending(path: "programs")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending(path: "vi").path, withDestinationPath: "/bin/echo")
        let opened = try await office.atTerminal(
            "resolve", id, "--edit", "--reason", "by hand", environment: ["PATH": folder.path]
        ).outcome()
        #expect(
            opened.exit == .code(65) && opened.output.contains("/porchlight-\(id.prefix(8))"),
            "\(opened)")
        #expect(opened.output.contains("nothing was changed in the editor"))
    }

    @Test func `a notice about somebody who has left one's laptop shows nobody's words`() async throws {
        let people = try await People()
        let (rosa, leo, office) = (people.rosa, people.leo, people.office)
        try await rosa.done("participant", "edit", "P0003", "--phone", "555 0107")
        try await leo.done("participant", "edit", "P0003", "--phone", "555 0109")
        try await people.all.meet()
        try await office.done("assign", "P0003", "--from", "PS07", "--end")
        try await office.done("assign", "P0003", "--from", "PS09", "--end")
        try await office.done(
            "resolve", office.conflict("values"), "--value", "phone=555 0001", "--reason",
            "secret reason")
        try await people.all.meet()
        for laptop in [rosa, leo] {
            #expect(try await laptop.query("SELECT count(*) FROM participant WHERE code = 'P0003'") == "0")
            let told = try await laptop.done("notices")
            #expect(told.contains("not on this laptop any more"))
            for words in ["secret", "555 0001", "Cleo", "P0003"] {
                #expect(!told.contains(words), "\(words)")
            }
            let raw = try await laptop.query("SELECT count(*) FROM decision")
            #expect(raw == "0")
            try await laptop.done("notices", "--seen")
            #expect(try await laptop.done("notices").contains("no notices"))
        }
    }
}
