import PeerSupport

extension Generator {
    /// One to three referrals of each participant, in every state of the life cycle.
    mutating func referrals(of person: Person) {
        let senders = Agency.at(person.site, agency.referrers)
        guard let fallback = senders.first else { return }
        for _ in 0..<dice.pick([1, 1, 2, 2, 3], or: 1) {
            let sender = dice.pick(senders, or: fallback)
            let span = Int(options.until.days - person.joined.days)
            let date = workday(person.joined.adding(days: Int64(dice.below(max(1, span)))))
            guard date <= options.until else { continue }
            referral(person, sender, moment(date))
        }
    }

    private mutating func referral(_ person: Person, _ sender: Agency.Person, _ sent: Int64) {
        let origin = dice.pick([
            "worker", "worker", "worker", "supervisor_suggested", "team", "participant_asked",
        ])
        let isOld = options.until.days - sent / 86_400 > 21
        let state = dice.pick(isOld ? Self.oldStates : Self.newStates, or: .sent)
        let at = state == .sent ? sent : min(sent + Int64(dice.within(1...14)) * 86_400, endOfYear)
        let bySender = state == .sent || state == .withdrawalAsked
        var row = [
            "key": key("RF"), "participant_code": person.code, "from_team": sender.team,
            "from_staff": sender.code, "origin": origin, "need": dice.pick(Phrases.need),
            "suggested_by": origin == "supervisor_suggested" ? "SV0\(person.site + 1)" : "",
            "to_team": person.peer.team, "to_peer": person.peer.code, "sent_at": Instant.text(sent),
            "status": state.rawValue, "status_by": bySender ? sender.code : person.peer.code,
            "status_at": Instant.text(at), "recorded_by": sender.code, "recorded_at": Instant.text(sent),
        ]
        switch state {
        case .declined: row["decline_reason"] = dice.pick(DeclineReason.allCases, or: .notAFit).rawValue
        case .visitSet, .seen, .noShow:
            row["visit_at"] = Instant.text(at + 86_400)
            row["visit_place"] = "At home"
        case .receiving:
            row["warm_handoff"] = dice.chance(60) ? "yes" : "no"
        case .closed:
            row["outcome"] = "Met regularly, and moved on."
            row["loop_closed_at"] = Instant.text(at)
        default: break
        }
        files.add("referral", row)
    }

    /// What is told at once, and what is only asked.
    mutating func occasions(of person: Person) {
        let span = max(1, Int(options.until.days - person.joined.days))
        if dice.chance(30) {
            let date = workday(person.joined.adding(days: Int64(dice.below(span))))
            if date <= options.until { escalation(person, moment(date)) }
        }
        guard dice.chance(20), let fallback = agency.referrers.first else { return }
        let asked = workday(person.joined.adding(days: Int64(dice.below(span))))
        guard asked <= options.until else { return }
        let at = moment(asked)
        let sender = dice.pick(Agency.at(person.site, agency.referrers), or: fallback)
        files.add(
            "consult",
            [
                "key": key("CO"), "participant_code": person.code, "from_team": sender.team,
                "from_staff": sender.code, "peer": person.peer.code, "asked_at": Instant.text(at),
                "question": dice.pick(Phrases.questions), "answered_at": Instant.text(at + 14_400),
                "answered_by": person.peer.code, "minutes": "10", "answer": dice.pick(Phrases.answers),
            ])
    }

    private mutating func escalation(_ person: Person, _ at: Int64) {
        let nurse = agency.nurses.first { $0.team == person.team }?.code ?? "NU01"
        var row = [
            "key": key("ES"), "participant_code": person.code, "seen_by": person.peer.code,
            "seen_at": Instant.text(at), "saw": dice.pick(Phrases.saw),
            "priority": dice.pick(["urgent", "soon", "soon", "routine"]), "told_whom": nurse,
            "told_how": dice.pick(["phone", "in_person", "message"]), "told_at": Instant.text(at + 900),
            "recorded_by": person.peer.code, "recorded_at": Instant.text(at + 600),
        ]
        // The last fortnight's may still be open.
        if options.until.days - at / 86_400 > 14 || dice.chance(60) {
            row["acknowledged_by"] = nurse
            row["acknowledged_at"] = Instant.text(at + Int64(dice.within(1...20)) * 1800)
            row["response"] = dice.pick(Phrases.response)
        }
        files.add("escalation", row)
    }

    /// Every peer once a week, now and then with both supervisors.
    mutating func supervision() {
        for peer in agency.peers {
            for week in 0..<52 {
                let date = firstDay.adding(days: Int64(week * 7) + 2)
                let isJoint = week % 4 == 3
                let start = moment(workday(date))
                files.add(
                    "supervision",
                    [
                        "key": key("SU"), "peer": peer.code, "site": Agency.site(peer.site),
                        "kind": isJoint ? "joint" : "individual", "supervisor": "SV0\(peer.site + 1)",
                        "second_supervisor": isJoint ? "SV0\((peer.site + 1) % 3 + 1)" : "",
                        "start_at": Instant.text(start), "end_at": Instant.text(start + 2700),
                        "minutes": "45", "topics": dice.pick(Phrases.topics),
                    ])
            }
        }
    }

    private var endOfYear: Int64 { options.until.days * 86_400 + 22 * 3600 }

    private static let oldStates: [ReferralState] = [
        .receiving, .receiving, .receiving, .closed, .closed, .declined, .declined, .withdrawn, .seen,
    ]

    private static let newStates: [ReferralState] = [
        .sent, .sent, .accepted, .visitSet, .visitSet, .noShow, .visitCancelled, .seen, .withdrawalAsked,
    ]
}
