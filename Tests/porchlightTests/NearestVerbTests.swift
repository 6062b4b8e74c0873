import Testing

@testable import porchlight

@Suite struct NearestVerbTests {
    struct Slip: CustomTestStringConvertible, Sendable {
        let typed: String
        let advice: String
        init(_ typed: String, _ advice: String) { (self.typed, self.advice) = (typed, advice) }
        var testDescription: String { typed }
    }

    @Test(arguments: [
        Slip("chekin add P0142 x", "porchlight checkin"), Slip("check-in add", "porchlight checkin"),
        Slip("cehckin", "porchlight checkin"), Slip("synk", "porchlight sync"),
        Slip("stat", "porchlight status"), Slip("referal list", "porchlight referral"),
        Slip("participant ad Ana", "porchlight participant add"),
        Slip("escalation acknowlege x", "porchlight escalation acknowledge"),
        Slip("session makeup", "porchlight session makeups"),
        Slip("enrol --code X", "porchlight enroll"), Slip("dance", "porchlight --help"),
        Slip("participant dance", "porchlight participant --help"),
    ])
    func `a mistyped verb is answered with the nearest`(slip: Slip) throws {
        let desk = try TestDesk()
        let code = Command.run(
            slip.typed.split(separator: " ").map(String.init), in: desk.world, on: desk.screen)
        #expect(code == 64)
        #expect(desk.err.text.hasPrefix("error: there is no verb \""))
        #expect(desk.err.text.hasSuffix("       nothing was done\ntry:   \(slip.advice)\n"))
        #expect(desk.out.text.isEmpty)
    }

    @Test func `for programs it is an error of usage`() throws {
        let desk = try TestDesk()
        #expect(desk.run("synk", "--json") == 64)
        #expect(desk.err.text.contains(#"{"error":{"code":"usage","what":"there is no verb \"synk\""#))
        #expect(desk.err.text.contains(#""try":"porchlight sync"}"#))
    }

    @Test func `a wrong option of a right verb is the parser's to explain`() throws {
        let desk = try TestDesk()
        #expect(desk.run("checkin", "add", "P0142", "x", "--minuts", "5") == 64)
        #expect(!desk.err.text.contains("there is no verb"))
        #expect(NearestVerb(["participant", "add", "synk"]) == nil)
        #expect(NearestVerb(["help", "synk"]) == nil)
    }

    @Test func `letters put in, taken out, exchanged and swapped are counted`() {
        func distance(_ a: String, _ b: String) -> Int { NearestVerb.distance(Array(a), Array(b)) }
        #expect(distance("sync", "sync") == 0)
        #expect(distance("snyc", "sync") == 1)
        #expect(distance("syn", "sync") == 1)
        #expect(distance("synch", "sync") == 1)
        #expect(distance("", "sync") == 4)
        #expect(distance("undo", "sync") == 4)
    }
}
