public import SyncModel

/// Decisions and what each has to do with the others: which it answers, which are about one question, and which stand.
///
/// A decision closes those that it had before it: the one that it answers, and of decisions about two records or about a
/// time every other that stood then. What it had not read goes on standing beside it, so whoever decided apart and
/// otherwise is not overruled in silence.
public struct DecisionChains: Sendable {
    /// What is decided.
    public enum Topic: Hashable, Sendable {
        /// One register of a record, or when one of its changes counts as written.
        case register(RecordID, String)
        /// Whether two records are one person's.
        case pair(Set<RecordID>)
    }

    /// Who decided when, and why: what is the same in these was one answer.
    fileprivate struct Act: Hashable, Sendable {
        let kind: DecisionKind
        let by: String
        let at: Int64
        let reason: String
    }

    /// Every one by time, and of one second by id.
    public let all: [Decision]
    private let bySubject: [RecordID: [Decision]]
    private let byOther: [RecordID?: [Decision]]
    private let byAct: [Act: [Decision]]
    private let byTopic: [Topic: [Decision]]
    private let known: [RecordID: Decision]
    private let closers: [RecordID: [Decision]]
    /// What each closes beside what it names itself: those say so.
    private let besides: [RecordID: [RecordID]]
    /// What took each back, by time.
    private let undos: [RecordID: [Decision]]
    private let questions: [RecordID: RecordID]

    /// Takes decisions in any order.
    public init(_ decisions: [Decision]) {
        all = decisions.sorted(by: Self.comesFirst)
        bySubject = Dictionary(grouping: all, by: \.subject)
        byOther = Dictionary(grouping: all, by: \.other)
        byAct = Dictionary(grouping: all, by: \.act)
        var byTopic: [Topic: [Decision]] = [:]
        for one in all {
            if let topic = Self.topic(of: one) { byTopic[topic, default: []].append(one) }
        }
        self.byTopic = byTopic
        let known = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
        self.known = known
        var closers: [RecordID: [Decision]] = [:]
        for one in all { for id in one.closes { closers[id, default: []].append(one) } }
        var besides: [RecordID: [RecordID]] = [:]
        for one in all {
            guard let closer = one.closedBy.flatMap({ known[$0] }), !closer.closes.contains(one.id) else {
                continue
            }
            closers[one.id, default: []].append(closer)
            besides[closer.id, default: []].append(one.id)
        }
        self.closers = closers
        self.besides = besides
        var undos: [RecordID: [Decision]] = [:]
        for one in all where one.kind == .undo {
            if let id = one.answers { undos[id, default: []].append(one) }
        }
        self.undos = undos
        questions = Self.questions(all, known)
    }

    /// What a decision is about; `nil` for one about nothing that is known.
    public static func topic(of decision: Decision) -> Topic? {
        if let register = decision.register { return .register(decision.subject, register) }
        return decision.other.map { .pair([decision.subject, $0]) }
    }

    /// The one of this id; `nil` for one that is not among them.
    public subscript(_ id: RecordID) -> Decision? { known[id] }

    /// Those about a record, by time.
    public func about(_ record: RecordID) -> [Decision] { bySubject[record] ?? [] }

    /// Those in which a record is the other one, by time.
    public func naming(_ record: RecordID) -> [Decision] { byOther[record] ?? [] }

    /// Those that were made in one go with a decision, itself among them: several records that are decided about by one answer
    /// have a decision each.
    public func together(with decision: Decision) -> [Decision] { byAct[decision.act] ?? [] }

    /// Whether one was taken back.
    public func isUndone(_ decision: Decision) -> Bool { undos[decision.id] != nil }

    /// What had taken one back before another was made; `nil` where nothing had.
    public func undo(of decision: Decision, before later: Decision) -> Decision? {
        undos(of: decision, before: later).last
    }

    /// Everything that had taken one back before another was made, by time: several may have done so apart.
    public func undos(of decision: Decision, before later: Decision) -> [Decision] {
        later.kind == .undo ? [] : (undos[decision.id] ?? []).filter { $0.at <= later.at }
    }

    /// The decision that another one answers.
    public func answered(by decision: Decision) -> Decision? { decision.answers.flatMap { known[$0] } }

    /// The decisions that one closes, as far as they are known; of one that takes another back, that other one.
    public func before(_ decision: Decision) -> [Decision] {
        decision.kind == .undo
            ? [answered(by: decision)].compactMap { $0 } : closed(by: decision).compactMap { known[$0] }
    }

    /// Some decisions and all that they go back to, as far as they are known; of one that takes another back that other one.
    public func lineage(of decisions: [Decision]) -> [Decision] {
        var found: [Decision] = []
        var waiting = decisions
        while let next = waiting.popLast() {
            guard !found.contains(where: { $0.id == next.id }) else { continue }
            found.append(next)
            waiting += before(next)
        }
        return found
    }

    /// The decisions that one closes: those that it names, and those that name it.
    func closed(by decision: Decision) -> [RecordID] { decision.closes + (besides[decision.id] ?? []) }

    /// Everything that took one back, by time.
    public func undos(of decision: Decision) -> [Decision] { undos[decision.id] ?? [] }

    /// The merges that one takes back, of each two records the newest: of a record that was merged apart into several all of
    /// them end by one.
    public func merges(endedBy decision: Decision) -> [Decision] {
        var seen: Set<Topic> = []
        return before(decision).reversed().filter { merge in
            guard merge.kind == .merge, let topic = Self.topic(of: merge) else { return false }
            return seen.insert(topic).inserted
        }
    }

    /// Whether something has decided it anew. What has may lie with a record that is not here.
    public func isClosed(_ decision: Decision) -> Bool {
        closers[decision.id] != nil || decision.closedBy != nil
    }

    /// Whether it has to be decided anew: somebody asks for another look, or it was taken back, and nothing has closed it.
    public func isOpen(_ decision: Decision) -> Bool {
        decision.kind != .undo && !isClosed(decision)
            && (decision.isContested || isUndone(decision))
    }

    /// Those about a register, of whatever record, that have to be decided anew, by time.
    public func open(register: String) -> [Decision] {
        all.filter { $0.register == register && isOpen($0) }
    }

    /// What was decided about something and nothing has closed, open or not, by time.
    public func standing(_ topic: Topic) -> [Decision] {
        (byTopic[topic] ?? []).filter { $0.kind != .undo && !isClosed($0) }
    }

    /// The newest of the decisions that closed one, directly or by others between; `nil` for one that nothing has closed, or
    /// only what is not here.
    public func closer(of decision: Decision) -> Decision? {
        var newest: Decision?
        var waiting = closers[decision.id] ?? []
        var seen: Set<RecordID> = [decision.id]
        while let next = waiting.popLast() {
            guard seen.insert(next.id).inserted else { continue }
            if !isClosed(next), newest.map({ Self.comesFirst($0, next) }) ?? true { newest = next }
            waiting += closers[next.id] ?? []
        }
        return newest
    }

    /// The merges of the two records that a decision is about which stood when it was made, as far as their times tell. None
    /// for one about a register.
    public func merges(standingAt decision: Decision) -> [Decision] {
        guard let topic = Self.topic(of: decision), decision.register == nil else { return [] }
        return (byTopic[topic] ?? []).filter { merge in
            // What was decided anew after it was taken back came later, also within the second.
            merge.kind == .merge && merge.at <= decision.at && merge.id != decision.id
                && !merge.closes.contains { $0 == decision.answers }
                && !(closers[merge.id] ?? []).contains { $0.at <= decision.at }
        }
    }

    /// The decision that has overruled another: what closed it, or else the newest that was made later about the same
    /// register, or otherwise about the same two records, and not apart from it as an answer to the same; or of one of two
    /// merges of one record what decided for the other. Of one that takes another back, that which decided anew what it
    /// had opened.
    public func newer(than decision: Decision) -> Decision? {
        if decision.kind == .undo, let opened = answered(by: decision) { return closer(of: opened) }
        if let closer = closer(of: decision) ?? fork(overruling: decision) { return closer }
        guard let topic = Self.topic(of: decision) else { return nil }
        let earlier = ancestors(of: decision)
        return standing(topic).last { later in
            // Two who say the same of two records have not decided each other's anew.
            Self.comesFirst(decision, later) && (later.saysOne == nil || later.saysOne != decision.saysOne)
                && !earlier.contains(later.id)
                && !later.closes.contains(where: decision.closes.contains)
        }
    }

    /// Of a merge, that somebody decided later whose record it is that was merged into several, and said somebody else's.
    private func fork(overruling merge: Decision) -> Decision? {
        guard merge.kind == .merge, let other = merge.other else { return nil }
        return standing(.register(merge.subject, "redirect")).last { later in
            Self.comesFirst(merge, later) && later.valuesAfter.first?.values.first != .reference(other)
        }
    }

    /// The first decision about the question that a decision is about.
    ///
    /// One question are all decisions about one register of a record, about one time, or about whether the same two records
    /// are one person's; and whatever answers one of them. Of several check-ins of which one stays they are one as well.
    public func first(of decision: Decision) -> RecordID { questions[decision.id] ?? decision.id }

    /// Decisions about two records that nothing has closed and that contradict each other, though they go back to one: people
    /// who did not know of each other answered it differently, or turned the merge round and left it as it was. Each with all that stand about the same two.
    public var quarrels: [[Decision]] {
        let heads = all.filter { one in
            one.saysOne != nil && !isClosed(one) && !isUndone(one)
        }
        let pairs = Dictionary(grouping: heads) { Self.topic(of: $0) }
        return pairs.compactMap { topic, some -> [Decision]? in
            guard let topic, some.count > 1 else { return nil }
            let roots = some.map { ancestors(of: $0) }
            let isContradicted = some.indices.contains { a in
                some.indices.contains { b in
                    contradict(some[a], some[b]) && !roots[a].isDisjoint(with: roots[b])
                }
            }
            return isContradicted ? standing(topic) : nil
        }
        .sorted { Self.comesFirst($0[0], $1[0]) }
    }

    /// Whether one says of two records that they are one person's and another that they are not; or which of the two leads to
    /// the other, and another that it is the other way round.
    private func contradict(_ a: Decision, _ b: Decision) -> Bool {
        a.saysOne != b.saysOne || a.kind == .merge && b.kind == .merge && a.subject != b.subject
    }

    /// Every decision that one goes back to.
    func ancestors(of decision: Decision) -> Set<RecordID> {
        var found: Set<RecordID> = []
        var waiting = closed(by: decision)
        while let next = waiting.popLast() {
            guard found.insert(next).inserted else { continue }
            waiting += known[next].map(closed) ?? []
        }
        return found
    }

    private static func comesFirst(_ a: Decision, _ b: Decision) -> Bool { (a.at, a.id) < (b.at, b.id) }

    /// Of a decision on whose record one is that was merged by people who did not know of each other: what had been said of it
    /// and each of those to choose from, the merges, and where it was said that it leads to nobody what says that.
    ///
    /// - Parameter said: what was decided about the same record and another one.
    static func saidOfTwo(before one: Decision, _ said: [Decision]) -> [RecordID] {
        guard one.kind == .resolve, one.register == "redirect" else { return [] }
        let before = one.valuesBefore.map { $0.values.first?.reference }
        return said.filter { earlier in
            guard earlier.at <= one.at, let other = earlier.other else { return false }
            return earlier.kind == .merge && before.contains(other)
                || earlier.saysOne == false && before.contains(nil)
        }
        .map(\.id)
    }

    /// For each decision the first about its question.
    private static func questions(_ all: [Decision], _ known: [RecordID: Decision]) -> [RecordID: RecordID] {
        var into: [RecordID: RecordID] = [:]
        func root(_ id: RecordID) -> RecordID {
            var id = id
            while let next = into[id] { id = next }
            return id
        }
        func join(_ a: RecordID, _ b: RecordID) {
            let (a, b) = (root(a), root(b))
            if a != b { into[a] = b }
        }
        var topics: [Topic: RecordID] = [:]
        let subjects = Dictionary(grouping: all.filter { $0.saysOne != nil }, by: \.subject)
        for one in all {
            for id in one.closes + [one.answers].compactMap({ $0 }) { join(one.id, id) }
            for id in saidOfTwo(before: one, subjects[one.subject] ?? []) { join(one.id, id) }
            var about = [topic(of: one)].compactMap { $0 }
            // Of check-ins that were corrected apart each has a decision of its own.
            if one.register == "void", let other = one.other { about.append(.register(other, "void")) }
            for topic in about {
                if let first = topics[topic] { join(one.id, first) } else { topics[topic] = one.id }
            }
        }
        // It begins with what answers nothing; or with a decision that is answered and not known here.
        var first: [RecordID: RecordID] = [:]
        for one in all where one.answers == nil { first[root(one.id)] = first[root(one.id)] ?? one.id }
        for one in all {
            guard let answered = one.answers, known[answered] == nil else { continue }
            let before = first[root(one.id)]
            first[root(one.id)] = before.map { known[$0] == nil ? min($0, answered) : answered } ?? answered
        }
        return Dictionary(all.map { ($0.id, first[root($0.id)] ?? $0.id) }) { first, _ in first }
    }
}

extension Decision {
    fileprivate var act: DecisionChains.Act { .init(kind: kind, by: by, at: at, reason: reason) }

    /// Whether both were made in one go.
    public func isOneAct(with other: Decision) -> Bool { act == other.act }
}
