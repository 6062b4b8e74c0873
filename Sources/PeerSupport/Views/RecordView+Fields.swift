import SyncModel

extension RecordView {
    /// A date field.
    func date(_ field: String) -> CivilDate? { self[field].integer.map { CivilDate(days: $0) } }

    /// A flag; what nobody wrote is not set.
    func isTrue(_ field: String) -> Bool { self[field].integer == 1 }

    /// A number field.
    func real(_ field: String) -> Double? {
        if case .real(let number) = self[field] { number } else { nil }
    }
}
