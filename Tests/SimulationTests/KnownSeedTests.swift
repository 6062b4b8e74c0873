import Simulation
import Testing

/// Every seed that ever failed, with what it was about. Its schedule was made as short as it could be, and is written
/// down: another program would draw another one from the seed.
@Suite struct KnownSeedTests {
    struct Known: Sendable, CustomTestStringConvertible {
        let seed: UInt64
        let faults: String
        let schedule: String
        let story: String

        var testDescription: String { "\(seed): \(story)" }
    }

    @Test(arguments: known)
    func `a seed that failed once is sound`(known: Known) async throws {
        let faults = try #require(Faults(names: known.faults))
        let simulation = try #require(
            Simulation(seed: known.seed, faults: faults, schedule: known.schedule))
        let outcome = await simulation.run()
        #expect(outcome.broken == nil, "\(known.story)\n\(simulation.report(outcome))")
        #expect(outcome.trace.lines.count > simulation.acts.count)
    }

    static let known: [Known] = [
        Known(
            seed: 369, faults: "crash,restoredServer",
            schedule: "crash:2:1wyooj5rvsus1,keepBackup:42:1wjescg8ikqiq,keepBackup:1:1aqsqs98c2zs,"
                + "restoreServer:25:35n7x8nqaew4i",
            story:
                "A laptop breaks off while somebody else's act is played. The simulator opened the wrong one again."
        ),
        Known(
            seed: 439, faults: "restoredLaptop,restoredServer",
            schedule: "edit:15:1ci5cq4dage06,sync:40:u2qkwmgekcxp,keepCopy:5:3s0np61iqbp4r,"
                + "keepBackup:18:3pq1t23b0gwtd,edit:40:298snadkozubt,keepBackup:15:eezraumfhc84,"
                + "restoreBoth:38:dco15te9hnjh,sync:50:2qge9t58pftom,restoreServer:40:3l2mj3me3q5ce",
            story: """
                An entry is in no laptop's log and in no history of the server any more, both having been put back, and \
                still stands, because an administrator's laptop brought it back. The oracle did not count it.
                """),
        Known(
            seed: 424, faults: "loss,restoredServer,forbidden",
            schedule: "forbidden:38:2fbwz3y75q7gb,sync:8:2y9cqplhwxicq,keepBackup:43:vhfgz32id23u,"
                + "decide:27:19r12ted69zzh,sync:8:1s3ynpubyys12,restoreServer:39:13rato0c5w03x",
            story: """
                A release is lost with the server, and no administrator's laptop had heard of it. What it had made is in \
                quarantine again, and its author's laptop keeps the only copy. The check took that for a difference.
                """),
        Known(
            seed: 1342, faults: "loss,restoredServer,forbidden",
            schedule: "keepBackup:51:4u46x39fo9lb,forbidden:48:2lrju3lqq9ct,sync:8:16sd06dncn862,"
                + "decide:0:1qidee59ynrq4,sync:13:11o226u72opf1,restoreServer:27:1o297dm9xohi",
            story: "The same, with a backup from before the entry itself."),
        Known(
            seed: 441, faults: "restoredServer,forbidden",
            schedule: "forbidden:9:19j54hqwxznjk,forbidden:28:3u4kc528kaddn,sync:29:4ribzfhvl95w,"
                + "sync:3:2aqwarm5w6jrz,keepBackup:12:1duxw2h134r8l,decide:31:te0x5wqgbglx,"
                + "sync:58:12vz5ydto0mgn,restoreServer:47:3soz791x06f60,decide:6:3qj36vnway1md",
            story: "The same, and after the restore the administrator decides the other way."),
        Known(
            seed: 1103, faults: "loss,crash,forbidden,gone",
            schedule: "serverCrash:47:7kwulzz82lqj,staleRequest:24:1kafpcixz98c9",
            story: """
                A request over which the server broke off before it had taken it came again an hour later. The \
                simulator took it for one that had come through, and its time for wrong.
                """),
    ]

    @Test func `a schedule is read as it is written, and no other text is one`() throws {
        let drawn = Simulation(seed: 7, faults: .all)
        let read = try #require(Simulation(seed: 7, faults: .all, schedule: drawn.schedule))
        #expect(read.acts == drawn.acts)
        for text in ["sync", "sync:1", "sync:x:1", "sleep:1:1", "sync:1:-", "sync:1:1:1"] {
            #expect(Simulation(seed: 7, faults: .all, schedule: text) == nil, "\(text)")
        }
    }
}
