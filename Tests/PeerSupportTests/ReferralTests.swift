import PeerSupport
import SyncModel
import Testing

@Suite struct ReferralTests {
    /// The table once more, from the state's point of view, written by hand.
    static let legal: [ReferralState: Set<ReferralStep>] = [
        .new: [.send],
        .sent: [.accept, .decline, .askToWithdraw],
        .accepted: [.decline, .askToWithdraw, .schedule, .see, .close],
        .declined: [],
        .visitSet: [.decline, .askToWithdraw, .schedule, .noShow, .cancelVisit, .see, .close],
        .noShow: [.decline, .askToWithdraw, .schedule, .cancelVisit],
        .visitCancelled: [.askToWithdraw, .schedule],
        .seen: [.decline, .askToWithdraw, .schedule, .cancelVisit, .see, .receive, .close],
        .receiving: [.decline, .askToWithdraw, .close],
        .withdrawalAsked: [.confirmWithdrawal, .close],
        .withdrawn: [],
        .closed: [],
    ]

    @Test(arguments: ReferralState.allCases) func `every step is legal or not`(state: ReferralState) throws {
        let legal = try #require(Self.legal[state])
        for step in ReferralStep.allCases {
            #expect((ReferralMachine.next(state, step) != nil) == legal.contains(step), "\(step)")
        }
        #expect(Set(ReferralMachine.steps(from: state)) == legal)
        #expect(state.isFinal == legal.isEmpty)
    }

    @Test func `each step has one row and leads to a state of its own`() {
        #expect(ReferralMachine.rows.map(\.step) == ReferralStep.allCases)
        #expect(Set(ReferralMachine.rows.map(\.to)).count == ReferralMachine.rows.count)
        #expect(!ReferralMachine.rows.map(\.to).contains(.new))
    }

    @Test func `only the sender sends and asks to withdraw`() {
        let initiator = ReferralMachine.rows.filter { $0.side == .initiator }.map(\.step)
        #expect(initiator == [.send, .askToWithdraw])
    }

    private let directory = [
        Make.staff("PS01", .peer, team: "ACT1", supervisor: "SV01"), Make.staff("PS02", .peer, team: "ACT1"),
        Make.staff("PS03", .peer, team: "RES1"), Make.staff("RF01", .referrer, team: "PROS1"),
        Make.staff("RF02", .referrer, team: "PROS1"), Make.staff("RF03", .referrer, team: "RES1"),
        Make.staff("SV01", .supervisor), Make.staff("NU01", .nurse, team: "ACT1"),
    ]

    private func fields(_ state: ReferralState) -> [String: Value] {
        [
            "participant": .reference(Make.id(1)), "from_team": .text("PROS1"), "from_staff": .text("RF01"),
            "origin": .text("worker"), "to_team": .text("ACT1"), "to_peer": .text("PS01"),
            "status": .text(state.rawValue), "status_by": .text("RF01"), "status_at": .integer(5),
        ]
    }

    private func step(
        _ from: ReferralState, _ to: ReferralState, by author: String, _ role: Role
    ) -> Refusal? {
        var write: [String: Value] = [
            "status": .text(to.rawValue), "status_by": .text(author), "status_at": .integer(9),
        ]
        if to == .declined { write["decline_reason"] = .text("said_no") }
        return Make.judge(
            "referral", write, by: author, role, before: Make.view("referral", fields(from)),
            directory: directory)
    }

    @Test(arguments: ReferralState.allCases)
    func `the domain lets each side take its own steps and no others`(from: ReferralState) {
        for to in ReferralState.allCases where to != from {
            let row = ReferralMachine.row(from: from, to: to)
            let bySender = step(from, to, by: "RF01", .referrer)
            let byPeer = step(from, to, by: "PS01", .peer)
            #expect((bySender == nil) == (row?.side == .initiator), "\(from) to \(to)")
            #expect((byPeer == nil) == (row?.side == .recipient), "\(from) to \(to)")
            if row == nil {
                #expect(bySender?.code == "transition")
                // Who decides what was written apart may put it right by what is no step.
                #expect(step(from, to, by: "AD01", .administrator) == nil)
                #expect(step(from, to, by: "SV01", .supervisor) == nil)
                #expect(step(from, to, by: "SY01", .sync)?.code == "transition")
                #expect(step(from, to, by: "NU01", .nurse)?.code == "transition")
            } else {
                #expect(step(from, to, by: "AD01", .administrator) == nil)
            }
        }
    }

    @Test func `colleagues on either team stand in, strangers do not`() {
        #expect(step(.sent, .accepted, by: "PS02", .peer) == nil)
        #expect(step(.sent, .accepted, by: "SV01", .supervisor) == nil)
        #expect(step(.sent, .accepted, by: "PS03", .peer)?.code == "side")
        #expect(step(.sent, .accepted, by: "NU01", .nurse)?.code == "side")
        #expect(step(.sent, .withdrawalAsked, by: "RF02", .referrer) == nil)
        #expect(step(.sent, .withdrawalAsked, by: "RF03", .referrer)?.code == "side")
    }

    @Test func `whoever sent a referral does not accept it, on whichever side they stand`() {
        var sent = fields(.sent)
        for (writer, role) in [("PS02", Role.peer), ("SV01", .supervisor)] {
            sent["from_staff"] = .text(writer)
            let accept: [String: Value] = [
                "status": .text("accepted"), "status_by": .text(writer), "status_at": .integer(9),
            ]
            let before = Make.view("referral", sent)
            let refusal = Make.judge(
                "referral", accept, by: writer, role, before: before, directory: directory)
            #expect(refusal?.code == "side")
            #expect(refusal?.reason == "whoever sent a referral does not accept it themselves")
            #expect(
                Make.judge(
                    "referral", accept, by: "PS01", .peer, before: before, directory: directory) == nil)
        }
    }

    @Test func `a new referral is new or sent, unless it is imported`() {
        for state in ReferralState.allCases {
            var written = fields(state)
            written["decline_reason"] = .text("not_a_fit")
            let refusal = Make.judge("referral", written, by: "RF01", .referrer)
            #expect((refusal == nil) == ReferralMachine.initial.contains(state))
            #expect(Make.judge("referral", written, by: "SY01", .sync) == nil)
        }
    }

    @Test func `declining needs a reason`() {
        let before = Make.view("referral", fields(.sent))
        let write: [String: Value] = [
            "status": .text("declined"), "status_by": .text("PS01"), "status_at": .integer(9),
        ]
        #expect(Make.judge("referral", write, by: "PS01", .peer, before: before)?.code == "incomplete")
    }

    @Test func `two valid steps taken apart can be settled either way`() {
        let status = { (word: String) -> [String: Value] in
            ["status": .text(word), "status_by": .text("X"), "status_at": .integer(9)]
        }
        let before = Make.conflicted(
            "referral", fields(.accepted), other: status("withdrawal_asked"))
        #expect(before.conflicts == ["status"])
        for word in ["accepted", "withdrawn"] {
            #expect(
                Make.judge("referral", status(word), by: "AD01", .administrator, before: before) == nil)
        }
    }

    @Test func `whoever stands on a side settles it for what stands there, and nobody else does`() {
        func refusal(_ word: String, _ by: String, _ role: Role, _ stands: [ReferralState]) -> Refusal? {
            func status(_ word: String) -> [String: Value] {
                var fields: [String: Value] = [
                    "status": .text(word), "status_by": .text("X"), "status_at": .integer(9),
                ]
                if word == "declined" { fields["decline_reason"] = .text("not_a_fit") }
                return fields
            }
            let before = Make.conflicted(
                "referral", fields(stands[0]), other: status(stands[1].rawValue))
            return Make.judge("referral", status(word), by: by, role, before: before, directory: directory)
        }
        for stands in [[ReferralState.accepted, .declined], [.declined, .accepted]] {
            for word in ["accepted", "declined"] {
                #expect(refusal(word, "PS01", .peer, stands) == nil)
                #expect(refusal(word, "RF01", .referrer, stands) == nil)
                // Whoever stands on no side is told who decides.
                for (by, role) in [("PS03", Role.peer), ("NU01", .nurse)] {
                    let refused = refusal(word, by, role, stands)
                    #expect(refused?.code == "side")
                    #expect(
                        refused?.reason
                            == "only those who sent this referral or receive it decide where it stands")
                }
            }
            // A step that nobody took stays whose it is, and where it may be taken.
            #expect(refusal("seen", "PS01", .peer, stands) == nil)
            #expect(refusal("seen", "RF01", .referrer, stands)?.code == "side")
            #expect(refusal("withdrawn", "PS01", .peer, stands)?.code == "transition")
        }
        #expect(refusal("accepted", "PS01", .peer, [.accepted, .withdrawalAsked]) == nil)
        #expect(refusal("withdrawal_asked", "PS01", .peer, [.accepted, .withdrawalAsked]) == nil)
    }
}
