import Foundation
import SyncModel
import SyncReplica

/// One laptop: real files, a real replica on them, and clocks that may be wrong.
final class SimulatedDevice {
    let name: String
    let enrolment: Enrolment
    let clock: DeviceClock
    let crashPoint = CrashPoint<Step>()
    /// What the program on it allows; a person may have tampered with it.
    let laxity = SimulatedDomain.Laxity()
    private(set) var edition: SimulatedDomain.Edition
    /// Versions of records that somebody looks at, with what the oracle knows they show.
    var looked: [(token: ReadToken, met: Set<Int>)] = []
    var keptCopy: String?
    /// Nobody works on it any more.
    var isGone = false
    /// It has heard that it was retired. Somebody at the office syncs it now and then.
    var isSealed = false
    /// A record has left it.
    var hasLost = false
    private(set) var replica: Replica
    private(set) var path: String
    private var files = 1
    private let folder: Folder
    private let dice: Dice

    /// What lies on a laptop's disk when it comes into the world.
    enum Disk {
        /// It has just enrolled.
        case nothing
        /// A copy of another one's files, of all of them or of the database alone.
        case copy(String, whole: Bool)
        case octets(Data, beside: Data)
    }

    init(
        _ name: String, _ enrolment: Enrolment, clock: DeviceClock, folder: Folder, dice: Dice, _ disk: Disk,
        edition: SimulatedDomain.Edition = .current
    ) throws {
        self.name = name
        self.enrolment = enrolment
        self.clock = clock
        self.folder = folder
        self.dice = dice
        self.edition = edition
        path = folder.file("\(name)-1.sqlite")
        let world = Self.surroundings(name, clock, dice, crashPoint, path, process: 1)
        let domain = SimulatedDomain(edition, laxity)
        switch disk {
        case .nothing:
            replica = try Replica.create(
                at: path, enrolment: enrolment, domain: domain, surroundings: world)
            return
        case .copy(let source, let whole):
            try Folder.copy(source, to: path, beside: whole ? source : path)
        case .octets(let octets, let beside):
            try Folder.write(octets, to: path)
            try Folder.write(beside, to: path + "-id")
        }
        replica = try Replica.open(at: path, domain: domain, surroundings: world)
    }

    /// The person behind it, and which laptop it is.
    var owner: String { "\(enrolment.staff) (\(name))" }

    /// The state of the disk when the last crash came.
    private static func wreck(_ path: String) -> String { path + ".wreck" }

    /// A machine runs two processes at the most: the one that has the odd number, and a second one.
    private static func surroundings(
        _ name: String, _ clock: DeviceClock, _ dice: Dice, _ crash: CrashPoint<Step>, _ path: String,
        process: Int64
    ) -> Surroundings {
        var world = Surroundings(
            clock: { clock.reading() }, random: { dice.next() }, process: process,
            isRunning: { ($0 + 1) / 2 == (process + 1) / 2 })
        world.reached = { step in
            guard crash.isHit(step) else { return }
            try Folder.copy(path, to: wreck(path))
            throw Crash(step: step, laptop: name)
        }
        return world
    }

    /// Another process opens the same file.
    func secondProcess() throws -> Replica {
        try Replica.open(
            at: path, domain: SimulatedDomain(edition, laxity),
            surroundings: Self.surroundings(name, clock, dice, crashPoint, path, process: Int64(2 * files)))
    }

    /// Goes on from what lay on the disk when it broke off.
    func recover() throws { try reopen(from: Self.wreck(path)) }

    /// The laptop is put back to an earlier copy of its files: by turns of all of them, which nothing on the laptop
    /// shows, or of the database alone.
    ///
    /// - Returns: whether of all.
    func restore(_ copy: String) throws -> Bool {
        let whole = files.isMultiple(of: 2)
        try reopen(from: copy, beside: whole ? copy : path)
        return whole
    }

    func copy(to target: String) throws { try Folder.copy(path, to: target) }

    /// The program on it is replaced by a newer one.
    func upgrade() throws {
        edition = .next
        try reopen(from: path)
    }

    private func reopen(from source: String, beside: String? = nil) throws {
        files += 1
        let next = folder.file("\(name)-\(files).sqlite")
        try Folder.copy(source, to: next, beside: beside)
        replica = try Replica.open(
            at: next, domain: SimulatedDomain(edition, laxity),
            surroundings: Self.surroundings(
                name, clock, dice, crashPoint, next, process: Int64(2 * files - 1)))
        path = next
        looked = []
    }
}
