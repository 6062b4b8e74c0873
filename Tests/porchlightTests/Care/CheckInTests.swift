import PeerSupport
import SyncModel
import SyncReplica
import Testing

@testable import porchlight

@Suite struct CheckInTests {
    private func add(_ more: String...) -> [String] { ["checkin", "add", "P0142"] + more }

    @Test func `one line is recorded and read back in plain words`() async throws {
        let desk = try await CareDesk()
        let said = desk.run(
            add(
                "walked to the pharmacy", "--at", "yesterday 10:05", "--minutes", "25", "--mode", "residence",
                "--next", "call Friday"))
        #expect(said.code == 0)
        #expect(
            said.out.contains(
                "You saw P0142 Ana Lopez yesterday, Sun 1 Mar 2026, at 10:05, 25 minutes, in person, residence."
            ))
        #expect(said.out.contains("call Friday"))
        let row = try #require(try desk.replica().find(Query("check_in")).first.flatMap { CheckIn($0) })
        #expect(row.minutes == 25)
        #expect(row.mode == "in_person")
        #expect(row.end == row.start + 1_500)
        #expect(row.peer == "PS07")
    }

    @Test func `who and what are enough, and it is now`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run(add("met at the door")).code == 0)
        let row = try #require(try desk.replica().find(Query("check_in")).first.flatMap { CheckIn($0) })
        #expect(row.start == TestDesk.now)
        #expect(row.minutes == nil)
    }

    @Test func `with minutes and no time it has just ended`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run(add("a walk", "--minutes", "30")).code == 0)
        let row = try #require(try desk.replica().find(Query("check_in")).first.flatMap { CheckIn($0) })
        #expect(row.end == TestDesk.now)
        #expect(row.start == TestDesk.now - 1_800)
    }

    @Test func `a day without a time counts from noon, and says so`() async throws {
        let desk = try await CareDesk()
        let said = desk.run(add("phoned", "--at", "sat", "--mode", "phone"))
        #expect(said.code == 0)
        #expect(said.out.contains("You spoke with P0142 Ana Lopez Sat 28 Feb 2026, at 12:00, phone."))
        #expect(said.out.contains("counts from 12:00"))
    }

    @Test(arguments: ["yesterday 25:00", "2026-02-30 10:00", "soon", "03/04/2026 10:00"])
    func `an impossible time records nothing`(_ time: String) async throws {
        let desk = try await CareDesk()
        #expect(desk.run(add("a walk", "--at", time)).code == 65)
        #expect(try desk.replica().count(Query("check_in")) == 0)
    }

    @Test func `what lies ahead is not taken for having happened`() async throws {
        let desk = try await CareDesk()
        let said = desk.run(add("a walk", "--at", "tomorrow 10:00"))
        #expect(said.code == 65)
        #expect(said.err.contains("lies ahead of now"))
        #expect(try desk.replica().count(Query("check_in")) == 0)
    }

    @Test func `what can hardly be is not taken as it stands`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run("participant", "edit", "P0142", "--born", "1998").code == 0)
        let unborn = desk.run(add("a walk", "--at", "1997-05-05 10:00", "--yes"))
        #expect(unborn.code == 65)
        #expect(unborn.err.contains("P0142 Ana Lopez was born in 1998, and Mon 5 May 1997 lies before that"))
        let old = desk.run(add("a walk", "--at", "1999-05-05 10:00"))
        #expect(old.code == 65)
        #expect(old.err.contains("Wed 5 May 1999 lies more than 5 years back"))
        #expect(old.err.contains("check the year; add --yes if it is right"))
        let sheet = ["session", "record", "--number", "1", "--present", "P0142,P0188", "--at"]
        #expect(desk.run(sheet + ["1997-05-05 10:00"]).err.contains("was born in 1998"))
        #expect(desk.run("escalate", "P0142", "a cough", "--at", "2006-03-02 10:00").code == 65)
        #expect(try desk.replica().count(Query("check_in")) == 0)
        #expect(desk.run(add("a walk", "--at", "1999-05-05 10:00", "--yes")).code == 0)
        #expect(desk.run(add("a walk", "--at", "2021-03-02 10:00")).code == 0)
        #expect(desk.run(add("a walk", "--at", "2021-03-01 10:00")).code == 65)
    }

    @Test func `hours are typed as people say them`() async throws {
        let desk = try await CareDesk()
        for (text, said) in [
            ("yesterday 3pm", "at 15:00"), ("yesterday noon", "at 12:00"), ("sat 3:15pm", "at 15:15"),
            ("8am", "today, Mon 2 Mar 2026, at 08:00"),
        ] {
            #expect(desk.run(add("a walk", "--at", text)).out.contains(said), "\(text)")
        }
    }

    @Test func `an error calls a field as the form does`() async throws {
        let desk = try await CareDesk()
        let long = desk.run(add(String(repeating: "x", count: 20_000)))
        #expect(long.code == 65)
        #expect(long.err.contains("what we did is longer than 16384 bytes"))
        let year = desk.run("participant", "edit", "P0142", "--born", "1822")
        #expect(year.err.contains("year of birth must lie between 1900 and 2200"))
        let part2 = desk.run("participant", "edit", "P0142", "--part2")
        #expect(part2.err.contains("this role may not write the 42 CFR Part 2 mark of a participant"))
    }

    @Test func `the same person within minutes is not recorded twice where nobody can be asked`() async throws
    {
        let desk = try await CareDesk()
        #expect(desk.run(add("a walk", "--at", "today 09:00")).code == 0)
        let again = desk.run(add("a walk", "--at", "today 09:04"))
        #expect(again.code == 65)
        #expect(again.err.contains("may be there already: PS07 recorded one today, Mon 2 Mar 2026, at 09:00"))
        #expect(desk.run(add("a walk", "--at", "today 09:10")).code == 0)
        #expect(desk.run("checkin", "add", "P0188", "a walk", "--at", "today 09:00").code == 0)
        #expect(try desk.replica().count(Query("check_in")) == 3)
        #expect(desk.run(add("a walk", "--at", "today 09:04", "--yes")).code == 0)
        #expect(try desk.replica().count(Query("check_in")) == 4)
    }

    @Test(arguments: [("y", Int32(0), 2), ("n", 65, 1)].map { Answer(text: $0.0, code: $0.1, count: $0.2) })
    func `at a terminal a likely double entry is asked about`(_ answer: Answer) async throws {
        let desk = try await CareDesk(answers: [answer.text])
        #expect(desk.run(add("a walk", "--at", "today 09:00")).code == 0)
        let again = desk.run(add("the same walk", "--at", "today 09:01"))
        #expect(again.code == answer.code)
        #expect(again.err.contains("\"a walk\". Record it as well? [y/N]"))
        #expect(try desk.replica().count(Query("check_in")) == answer.count)
    }

    struct Answer: CustomTestStringConvertible, Sendable {
        let text: String
        let code: Int32
        let count: Int
        var testDescription: String { text }
    }

    @Test func `a void one stays readable and stands in nobody's way`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run(add("a walk", "--at", "today 09:00")).code == 0)
        let id = try #require(try desk.replica().find(Query("check_in")).first?.id)
        let void = desk.run("checkin", "void", id.short, "--reason", "wrong person")
        #expect(void.code == 0)
        #expect(void.out.contains("wrong person"))
        #expect(desk.run("checkin", "list").out.contains("VOID"))
        #expect(desk.run("checkin", "void", id.short, "--reason", "again").code == 65)
        #expect(desk.run(add("a walk", "--at", "today 09:00")).code == 0)
    }

    @Test func `an amendment voids what it corrects, in one linked edit`() async throws {
        let desk = try await CareDesk()
        #expect(desk.run(add("a wlak", "--at", "today 09:00", "--sign")).code == 0)
        let old = try #require(try desk.replica().find(Query("check_in")).first?.id)
        let corrected = desk.run(add("a walk", "--at", "today 09:00", "--amends", old.short))
        #expect(
            corrected.code == 0 && corrected.out.contains("The old one was signed, and the new one is not"))
        let replica = try desk.replica()
        #expect(try replica.view(old)?["voided_by"].text == "PS07")
        let transactions = try replica.outbox().suffix(2).map(\.transaction)
        #expect(transactions.count == 2)
        #expect(transactions[0] != nil)
        #expect(transactions[0] == transactions[1])
    }

    @Test func `for programs it is the whole record, with the participant's code`() async throws {
        let desk = try await CareDesk()
        let said = desk.run(add("a walk", "--at", "2026-03-02 09:00", "--json"))
        #expect(said.code == 0)
        #expect(said.out.hasPrefix("{\"id\":"))
        #expect(said.out.contains(#""start_at":"2026-03-02T14:00:00Z""#))
        #expect(said.out.contains(#""participant_code":"P0142""#))
        let again = desk.run(add("a walk", "--at", "2026-03-02 09:00", "--json"))
        #expect(again.code == 65)
        #expect(again.err.hasPrefix(#"{"error":{"code":"ambiguous""#))
    }

    @Test func `nothing here touches the network`() async throws {
        let desk = try await CareDesk()
        let asked = desk.desk.server.asked
        #expect(desk.run(add("a walk")).code == 0)
        #expect(desk.run("today").code == 0)
        #expect(desk.run("participant", "show", "P0142").code == 0)
        #expect(desk.desk.server.asked == asked)
    }
}
