import Testing

/// The main job: laptops record apart, sync, and agree.
@Suite struct TwoLaptopsTests {
    @Test(arguments: [false, true])
    func `laptops that recorded offline agree after they synced`(tls: Bool) async throws {
        let agency = try await Agency(tls: tls)
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        let bela = try await agency.laptop(of: "AD02")
        try await agency.stop()
        try await rosa.done("checkin", "add", "P0001", "walked to the pharmacy", "--minutes", "25")
        try await rosa.done("checkin", "add", "P0003", "phoned", "--mode", "phone", "--at", "yesterday 10:05")
        try await leo.done("checkin", "add", "P0002", "coffee", "--minutes", "40")
        try await leo.done("participant", "add", "Edda", "--family", "Ulm", "--site", "S1")
        try await bela.done("participant", "edit", "P0004", "--phone", "555 0104")
        #expect(try await rosa.waiting == 2)
        // The participant and the place on Leo's caseload are two changes.
        #expect(try await leo.waiting == 3)

        try await agency.start()
        try await rosa.done("sync")
        #expect(try await bela.digest != agency.digest)
        for laptop in [rosa, leo, bela, agency.founder, bela, rosa, leo] {
            let report = try await laptop.json("sync")
            #expect(report["quarantined"].whole == 0)
            #expect(report["clashes"].whole == 0)
        }
        let everything = try await agency.digest
        #expect(everything.utf8.count == 64)
        #expect(try await agency.founder.digest == everything)
        #expect(try await bela.digest == everything)
        for laptop in [rosa, leo, bela, agency.founder] { #expect(try await laptop.waiting == 0) }
        #expect(try await bela.query("SELECT count(*) FROM check_in") == "3")
        #expect(try await bela.query("SELECT phone FROM participant WHERE code = 'P0004'") == "555 0104")
    }

    @Test func `two laptops of one peer agree byte for byte`() async throws {
        let agency = try await Agency()
        let atWork = try await agency.laptop(of: "PS07", name: "work")
        let spare = try await agency.laptop(of: "PS07", name: "spare")
        try await agency.stop()
        try await atWork.done("checkin", "add", "P0001", "at the clinic")
        try await spare.done("checkin", "add", "P0003", "on the phone")
        try await agency.start()
        try await atWork.done("sync")
        #expect(try await atWork.digest != spare.digest)
        for laptop in [spare, atWork] { try await laptop.done("sync") }
        #expect(try await atWork.digest == spare.digest)
        #expect(try await atWork.digest != agency.digest)
        #expect(
            try await spare.query("SELECT did FROM check_in ORDER BY did") == "at the clinic\non the phone")
    }

    @Test func `what two wrote apart clashes, and both values are kept`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let leo = try await agency.laptop(of: "PS09")
        try await agency.stop()
        try await rosa.done("participant", "edit", "P0003", "--phone", "555 0107")
        try await leo.done("participant", "edit", "P0003", "--phone", "555 0109")
        try await agency.start()
        try await rosa.done("sync")
        let met = try await leo.json("sync")
        #expect(met["clashes"].whole == 1)
        try await rosa.done("sync")
        for laptop in [rosa, leo] {
            let clashes = try await laptop.json("conflicts")["conflicts"].list
            let clash = try #require(clashes.first)
            #expect(clashes.count == 1)
            #expect(clash["table"].text == "participant")
            let values = clash["values"].list
            #expect(values.map { $0["shown"].flag } == [true, false])
            #expect(values.compactMap { $0["author"].text }.sorted() == ["PS07", "PS09"])
            let register = try #require(clash["register"].text)
            let phones = values.compactMap { $0["writes"][register]["phone"].text }
            #expect(phones.sorted() == ["555 0107", "555 0109"])
            #expect(try await laptop.query("SELECT phone FROM participant WHERE code = 'P0003'") == phones[0])
            #expect(try await laptop.query("SELECT clash <> '' FROM participant WHERE code = 'P0003'") == "1")
            #expect(try await laptop.done("status").contains("1 thing to decide"))
        }
        // Equal records, whatever else either of them may see: the shown value is the same one.
        let shown = try await rosa.query("SELECT phone FROM participant WHERE code = 'P0003'")
        #expect(try await leo.query("SELECT phone FROM participant WHERE code = 'P0003'") == shown)
        // Nobody writes over two values without deciding between them.
        let refused = try await leo.refuses(
            "participant", "edit", "P0003", "--phone", "555 0110", exit: 65, code: "in_conflict")
        #expect(refused.means.contains("both values are kept"))
        #expect(try await leo.waiting == 0)
    }

    @Test func `an escalation says that nobody has it until the server does`() async throws {
        let agency = try await Agency()
        let rosa = try await agency.laptop(of: "PS07")
        let nora = try await agency.laptop(of: "N01")
        try await agency.stop()
        let told = try await rosa.done(
            "escalate", "P0001", "swollen left ankle", "--urgent", "--told", "N01")
        #expect(told.contains("NOT SENT"))
        #expect(try await rosa.done("escalation", "list").contains("NOT SENT"))
        #expect(try await rosa.done("today").contains("NOT SENT"))
        let before = try await rosa.json("escalation", "list")["escalations"][0]
        #expect(before["delivery"]["sent"].flag == false)
        try await agency.start()
        try await rosa.done("sync")
        #expect(!(try await rosa.done("escalation", "list").contains("NOT SENT")))
        let id = try #require(before["short"].text)
        #expect(try await rosa.done("escalation", "show", id).contains("SENT: the server has it"))
        #expect(try await rosa.json("escalation", "list")["escalations"][0]["delivery"]["sent"].flag == true)

        try await nora.done("sync")
        try await nora.done("escalation", "acknowledge", id, "looked at it; cold packs")
        for laptop in [nora, rosa] { try await laptop.done("sync") }
        let after = try await rosa.json("escalation", "list", "--all")["escalations"][0]
        #expect(after["acknowledged_by"].text == "N01")
    }
}
