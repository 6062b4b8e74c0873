import SwiftProtobuf
import SyncModel

// Dispositions travel in runs: consecutive numbers of one incarnation that fared alike.

/// The runs, in the order of the dispositions.
func runs(of dispositions: [Disposition]) -> [Porchlight_V1_Dispositions] {
    var runs: [Porchlight_V1_Dispositions] = []
    var previous: Disposition?
    for disposition in dispositions {
        let time = disposition.effective?.microseconds
        if let last = previous, continues(last, disposition) {
            runs[runs.count - 1].count += 1
            if let time, let before = last.effective?.microseconds {
                runs[runs.count - 1].effectiveTimes.append(time &- before)
            }
        } else {
            var run = Porchlight_V1_Dispositions()
            run.incarnation = disposition.dot.incarnation.field
            run.first = disposition.dot.n
            run.count = 1
            run.outcome = disposition.outcome.message
            if case .quarantined(let refusal) = disposition.outcome {
                run.refusal.code = refusal.code
                run.refusal.reason = refusal.reason
            }
            if let time { run.effectiveTimes = [time] }
            run.estimated = disposition.effective?.isEstimated ?? false
            runs.append(run)
        }
        previous = disposition
    }
    return runs
}

private func continues(_ a: Disposition, _ b: Disposition) -> Bool {
    a.dot.incarnation == b.dot.incarnation && b.dot.n == a.dot.n &+ 1 && a.outcome == b.outcome
        && a.effective?.isEstimated == b.effective?.isEstimated
}

extension [Disposition] {
    /// Adds what a run says, within the limit of one answer.
    mutating func append(_ run: Porchlight_V1_Dispositions) throws(WireError) {
        guard run.count > 0, run.first > 0 else { throw .malformed("dispositions of no change") }
        guard Int(run.count) <= Limits.dispositionsPerAnswer - count else {
            throw .tooLarge("the dispositions of an answer")
        }
        guard run.first <= UInt64(Int64.max) - UInt64(run.count) else {
            throw .malformed("a count passes 63 bits")
        }
        guard run.effectiveTimes.isEmpty || run.effectiveTimes.count == Int(run.count) else {
            throw .malformed("dispositions have not one time for each change")
        }
        let incarnation = try run.incarnation.identifier()
        let outcome = try Disposition.Outcome(run)
        var time: Int64 = 0
        for index in 0..<Int(run.count) {
            var effective: EffectiveTime?
            if !run.effectiveTimes.isEmpty {
                time &+= run.effectiveTimes[index]
                effective = EffectiveTime(microseconds: time, isEstimated: run.estimated)
            }
            append(
                Disposition(
                    dot: Dot(incarnation, run.first + UInt64(index)), outcome: outcome,
                    effective: effective))
        }
    }
}

extension Disposition.Outcome {
    var message: Porchlight_V1_Outcome {
        switch self {
        case .applied: .applied
        case .conflict: .conflict
        case .quarantined: .quarantined
        case .released: .released
        case .withdrawn: .withdrawn
        case .taken: .taken
        }
    }

    fileprivate init(_ run: Porchlight_V1_Dispositions) throws(WireError) {
        try self.init(run.outcome, run.refusal)
    }

    init(_ outcome: Porchlight_V1_Outcome, _ refusal: Porchlight_V1_Refusal) throws(WireError) {
        switch outcome {
        case .applied: self = .applied
        case .conflict: self = .conflict
        case .quarantined:
            self = .quarantined(
                Refusal(
                    code: try checked(refusal.code, "a refusal's code"),
                    reason: try checked(
                        refusal.reason, "a refusal's reason", limit: 4 * 1_024, empty: true)))
        case .released: self = .released
        case .withdrawn: self = .withdrawn
        case .taken: self = .taken
        case .unspecified, .UNRECOGNIZED:
            throw .malformed("a disposition has no outcome this version knows")
        }
    }
}
