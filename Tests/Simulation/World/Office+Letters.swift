import Synchronization
import SyncModel

/// What comes late, or once more.
extension Office {
    /// The letters that passed, oldest first.
    var passed: [Letter] { state.withLock { $0.passed } }

    func hold(_ request: ExchangeRequest, token: String) {
        state.withLock { $0.held.append((request, token)) }
    }

    /// An old request arrives once more; nobody waits for its answer.
    func deliverAgain(_ dice: Dice) -> String? {
        guard let old = dice.pick(passed) else { return nil }
        return deliver(old)
    }

    /// A request that was held up arrives, out of turn.
    func deliverHeld(_ dice: Dice) -> String? {
        let late = state.withLock { $0.held.isEmpty ? nil : $0.held.remove(at: dice.below($0.held.count)) }
        return late.map(deliver)
    }

    private func deliver(_ letter: Letter) -> String {
        let count = letter.request.changes.count
        let what =
            count == 0 ? "it brings nothing" : "\(count) changes from \(letter.request.hello.firstUnsent) on"
        do {
            let reply = try answer(letter.request, token: letter.token)
            return "\(what), and the answer, which nobody waits for, is \(reply.welcome.verdict)"
        } catch {
            return "\(what), and the answer is \(error)"
        }
    }
}
