import PeerSupport

extension Generator {
    /// A year of contacts, about one a week and more, never two on one day.
    mutating func checkIns(of person: Person) {
        let widest = max(1, Int(8 / max(0.01, options.scale)))
        // A few have not been seen for a while: today's list must have something to say.
        let quiet = dice.chance(5) ? Int64(dice.within(11...40)) : 0
        let last = options.until.adding(days: -quiet)
        var day = person.joined.adding(days: Int64(dice.below(7)))
        while day <= last {
            let date = workday(day)
            guard date <= last else { break }
            checkIn(person, date)
            day = date.adding(days: Int64(dice.within(1...widest)))
        }
    }

    private mutating func checkIn(_ person: Person, _ date: CivilDate) {
        let start = moment(date)
        let minutes = dice.pick([10, 15, 15, 20, 25, 30, 30, 45, 60], or: 15)
        let mode = dice.pick(["in_person", "in_person", "in_person", "phone", "text"])
        let recorded = start + Int64(minutes * 60) + Int64(dice.pick([5, 10, 30, 240, 1440], or: 5)) * 60
        files.add(
            "check_in",
            [
                "key": key("CI"), "participant_code": person.code, "peer": person.peer.code,
                "activity": dice.pick(["check_in", "check_in", "check_in", "walk", "accompany", "resources"]),
                "start_at": Instant.text(start), "end_at": Instant.text(start + Int64(minutes * 60)),
                "minutes": String(minutes), "mode": mode, "site": Agency.site(person.site),
                "did": dice.pick(Phrases.did), "said": dice.pick(Phrases.said),
                "next_step": dice.pick(Phrases.next),
                "signed_at": dice.chance(92) ? Instant.text(recorded) : "",
                "recorded_by": person.peer.code, "recorded_at": Instant.text(recorded),
            ])
    }

    /// Groups of ten through the curriculum, with make-ups for about half of what was missed.
    mutating func groups(_ people: [Person]) {
        for peer in agency.peers {
            let enrolled = people.filter { $0.peer.code == peer.code && $0.index % 9 < 4 }
            for begin in stride(from: 0, to: enrolled.count, by: 10) {
                group(Array(enrolled[begin..<min(begin + 10, enrolled.count)]), peer)
            }
        }
    }

    private mutating func group(_ members: [Person], _ peer: Agency.Person) {
        let latest = members.map(\.joined).max() ?? firstDay
        let start = workday(latest.adding(days: Int64(dice.within(7...60))))
        guard start <= options.until else { return }
        let held = Curriculum.standard.due(byDay: Int(options.until.days - start.days))
        let phase = Curriculum.standard.phase(of: max(1, held)) ?? .core
        for member in members {
            files.add(
                "enrollment",
                [
                    "key": key("EN"), "participant_code": member.code, "program": "PGLB",
                    "start_date": start.text, "phase": phase.rawValue,
                    "status": held == Curriculum.standard.count ? "completed" : "active",
                    "recorded_by": peer.code,
                ])
        }
        guard held > 0 else { return }
        for number in 1...held {
            guard let day = Curriculum.standard.day(of: number) else { continue }
            let date = workday(start.adding(days: Int64(day)))
            guard date <= options.until else { break }
            session(number, date, members, peer)
        }
    }

    private mutating func session(
        _ number: Int, _ date: CivilDate, _ members: [Person], _ peer: Agency.Person
    ) {
        let key = addSession(number, date, peer, format: "group", makesUp: false)
        for member in members {
            let status = dice.pick(
                Array(repeating: "attended", count: 15) + [
                    "excused", "excused", "no_show", "no_show", "cancelled",
                ])
            attend(key, member, peer, number, date, status)
            guard status != "attended", dice.chance(50) else { continue }
            let later = workday(date.adding(days: Int64(dice.within(1...5))))
            guard later <= options.until else { continue }
            let makeUp = addSession(number, later, peer, format: "individual", makesUp: true)
            attend(makeUp, member, peer, number, later, "attended")
        }
    }

    private mutating func addSession(
        _ number: Int, _ date: CivilDate, _ peer: Agency.Person, format: String, makesUp: Bool
    ) -> String {
        let key = key("SE")
        let start = moment(date)
        let minutes = makesUp ? 30 : 60
        files.add(
            "session",
            [
                "key": key, "peer": peer.code, "activity": "curriculum", "program": "PGLB",
                "number": String(number), "phase": Curriculum.standard.phase(of: number)?.rawValue ?? "",
                "format": format, "makes_up": makesUp ? String(number) : "",
                "start_at": Instant.text(start), "end_at": Instant.text(start + Int64(minutes * 60)),
                "minutes": String(minutes), "site": Agency.site(peer.site), "mode": "in_person",
                "did": makesUp ? "Make-up at home." : "Session held.",
                "adaptation": dice.pick(Phrases.adaptations),
                "signed_at": Instant.text(start + Int64(minutes * 60) + 600), "recorded_by": peer.code,
                "recorded_at": Instant.text(start + Int64(minutes * 60) + 600),
            ])
        return key
    }

    private mutating func attend(
        _ session: String, _ person: Person, _ peer: Agency.Person, _ number: Int, _ date: CivilDate,
        _ status: String
    ) {
        var row = [
            "key": "\(session)-\(person.code)", "session_key": session, "participant_code": person.code,
            "peer": peer.code, "date": date.text, "number": String(number), "status": status,
            "recorded_by": peer.code,
        ]
        if status == "attended" {
            // Nobody is made to be weighed.
            switch dice.below(10) {
            case 0..<6:
                row["weight"] = "\(dice.within(130...290)).\(dice.below(10))"
                row["weight_unit"] = "lb"
            case 6..<8: row["weight_absent"] = "prefers_not"
            default: row["weight_absent"] = "not_taken"
            }
            if dice.chance(65) { row["minutes_active"] = String(dice.within(2...50) * 5) }
        }
        files.add("attendance", row)
    }
}
