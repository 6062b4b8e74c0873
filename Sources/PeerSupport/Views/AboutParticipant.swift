public import SyncModel

/// What is recorded about one participant.
public protocol AboutParticipant {
    /// Whom it is about.
    var participant: RecordID { get }

    /// The same, about the record under which that person is shown: their own, or the one it was merged into.
    func leading(to people: Redirects) -> Self
}

extension Assignment {
    /// The same, about the record under which the person is shown.
    public func leading(to people: Redirects) -> Self {
        with(self) { $0.participant = people.root(of: participant) }
    }
}

extension Enrollment {
    /// The same, about the record under which the person is shown.
    public func leading(to people: Redirects) -> Self {
        with(self) { $0.participant = people.root(of: participant) }
    }
}

extension CheckIn {
    /// The same, about the record under which the person is shown.
    public func leading(to people: Redirects) -> Self {
        with(self) { $0.participant = people.root(of: participant) }
    }
}

extension Attendance {
    /// The same, about the record under which the person is shown.
    public func leading(to people: Redirects) -> Self {
        with(self) { $0.participant = people.root(of: participant) }
    }
}

private func with<Whole>(_ whole: Whole, _ change: (inout Whole) -> Void) -> Whole {
    var whole = whole
    change(&whole)
    return whole
}
