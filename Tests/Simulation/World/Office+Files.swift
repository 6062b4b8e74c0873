import Foundation
import GRDB
import Synchronization
import SyncModel
import SyncStore

/// What befalls the server's files.
extension Office {
    /// What is called between the store's durable steps: at the point where it is to break off, the folder is copied
    /// as it lies on the disk, and nothing after it counts.
    ///
    /// - Parameter losesLog: a defect: what was committed is not on the disk.
    static func reached(
        _ crash: CrashPoint<StoreStep>, _ home: String, losesLog: Bool
    ) -> @Sendable (StoreStep) throws -> Void {
        { step in
            guard let hit = crash.hit(step) else { return }
            let wreck = home + ".wreck"
            try Folder.copyServer(home, to: wreck)
            if losesLog { try? FileManager.default.removeItem(atPath: "\(wreck)/server.sqlite-wal") }
            let line: String? =
                switch step {
                case .epochLine: "server.epochs"
                case .securityLine: "server.security"
                default: nil
                }
            if let line { try Folder.tear("\(wreck)/\(line)", by: hit.torn) }
            throw ServerCrash(step: step)
        }
    }

    /// Lets somebody work with the store.
    ///
    /// - Throws: ``ServerCrash`` when it broke off over it; then it has been started again.
    func ask<Result>(_ body: (Store) throws -> Result) throws -> Result {
        let store = store
        do { return try body(store) } catch let crash as ServerCrash {
            try state.withLock { try recover(from: crash, &$0) }
            throw crash
        }
    }

    /// Goes on from what lay on the disk when it broke off.
    func recover(from crash: ServerCrash, _ state: inout State) throws {
        crashes.note(crash.step.rawValue)
        try move(&state, from: state.home + ".wreck")
    }

    /// The process dies, and its files are opened again as they lay on the disk.
    func crash() throws {
        tally.note("server broke off between two requests")
        try state.withLock { try move(&$0, from: $0.home) }
    }

    /// Its program is replaced by a newer one.
    func upgrade() throws {
        try state.withLock {
            $0.domain = SimulatedDomain(.next, $0.domain.laxity, isWide: $0.domain.isWide)
            try move(&$0, from: $0.home)
        }
    }

    func backup(to file: String) throws {
        let now = time.look()
        _ = try ask { try $0.backup(to: file, now: now) }
    }

    func retire(_ device: String) throws {
        let now = time.look()
        try ask { try $0.retire(device: device, now: now) }
    }

    /// The server is put back by the program that is made for it, and begins an epoch that was never used before. Where
    /// that breaks off, the files lie as they do until somebody starts the server, or restores once more.
    ///
    /// - Throws: ``ServerCrash``.
    func restore(_ backup: String) throws {
        try state.withLock { state in
            try lose(&state)
            try forgetEpochs(state.home)
            do {
                let report = try Store.restore(
                    from: backup, to: Self.database(in: state.home), now: time.look(),
                    reached: Self.reached(crashPoint, state.home, losesLog: defect == .lateDisk))
                if report.epoch <= state.epoch {
                    state.fault = Broken(
                        "epochs", "a restore began epoch \(report.epoch), and \(state.epoch) was there before"
                    )
                }
            } catch let crash as ServerCrash {
                crashes.note(crash.step.rawValue)
                try take(state.home + ".wreck", &state)
                throw crash
            }
            try forgetDecisions(state.home)
            try open(&state)
        }
    }

    /// Whether there is a database to start the server with.
    var hasDatabase: Bool { FileManager.default.fileExists(atPath: path) }

    /// A restore that broke off is given up, and the server is started as its files lie.
    func start() throws {
        try state.withLock { state in
            if let last = state.lost.keys.max() { state.lost[last] = nil }
            try open(&state)
        }
    }

    /// An older file is copied into the database's place by hand, and nobody says so.
    ///
    /// - Parameter losesEpochs: whether it lies in a new folder, and the journal of epochs is not with it.
    func putBack(_ backup: String, losesEpochs: Bool) throws {
        try state.withLock { state in
            state.lostByHand.insert(try state.store.figures().epoch)
            try lose(&state)
            try Folder.copy(backup, to: Self.database(in: state.home))
            if losesEpochs { try FileManager.default.removeItem(atPath: "\(state.home)/server.epochs") }
            try open(&state)
        }
    }

    /// The server stops, and its database goes: its old cursors stand for nothing.
    private func lose(_ state: inout State) throws {
        guard state.isOpen else { return }
        let log = try state.store.figures()
        state.lost[log.epoch] = max(state.lost[log.epoch] ?? 0, log.changes)
        state.ledger.clear()
        try state.store.close()
        state.isOpen = false
    }

    private func move(_ state: inout State, from source: String) throws {
        try take(source, &state)
        try open(&state)
    }

    /// A folder becomes the server's.
    private func take(_ source: String, _ state: inout State) throws {
        state.homes += 1
        let home = folder.file("server-\(state.homes)")
        try Folder.copyServer(source, to: home)
        state.home = home
    }

    /// Opens what lies in its folder; where that breaks off, once more.
    private func open(_ state: inout State) throws {
        let path = Self.database(in: state.home)
        do {
            state.store = try Store.open(
                at: path, domain: state.domain, now: time.look(),
                reached: Self.reached(crashPoint, state.home, losesLog: defect == .lateDisk))
            state.isOpen = true
        } catch let crash as ServerCrash {
            crashes.note(crash.step.rawValue)
            try move(&state, from: state.home + ".wreck")
        }
    }

    /// A defect: a restore takes along what was decided since.
    private func forgetDecisions(_ home: String) throws {
        guard defect == .forgottenDecisions else { return }
        try FileManager.default.removeItem(atPath: "\(home)/server.security")
        let queue = try DatabaseQueue(path: Self.database(in: home))
        try queue.write { try $0.execute(sql: "UPDATE device SET retired_at = NULL WHERE number > 1") }
        try queue.close()
    }

    /// A defect: a restore knows nothing of the epochs before it.
    private func forgetEpochs(_ home: String) throws {
        guard defect == .repeatedEpoch else { return }
        for name in ["server.epochs", "server.sqlite"] {
            try FileManager.default.removeItem(atPath: "\(home)/\(name)")
        }
    }
}
