import Simulation
import Testing

/// Seeds that failed, one for every story that they told. Its schedule was made as short as it could be, and is written
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
        if outcome.broken != nil {
            Issue.record("\(known.story)\n\(await simulation.failure(outcome, tries: 100))")
        }
        #expect(outcome.trace.lines.count > simulation.acts.count)
    }

    static let known: [Known] = [
        Known(
            seed: 14_009_057, faults: "restoredServer,forbidden",
            schedule: "keepBackup:55:11uqnwmgierma,admit:1:1o73csceyxj32,forbidden:41:1c2jv3etvum6r,"
                + "forbidden:41:1j9obx1c9wlvt,restoreServer:0:1m0bdv2wzp4x7,sync:21:3rudw48sybxz8,"
                + "decide:11:2o5ru627c5y9q",
            story: """
                Of two entries made in one go one is not its writer's to make, and both wait. What they write in the place of \
                that one is released: it is history then on a restored server, and nothing stands against the other any \
                more, which is taken. The check knew that of one of the two alone.
                """),
        Known(
            seed: 11_002_756, faults: "restoredServer",
            schedule: "checkIn:4:kxhwa3a4rq17,checkIn:4:1a0oi6gu4cuse,admit:51:zzbsqk57avil,"
                + "keepBackup:26:1p5ngubmuxmja,delete:40:1ro3f16sbrcn6,sync:59:18q1561u5vu47,"
                + "sync:46:73wct1avhbc8,restoreServer:12:39j68phnmsfz,sync:31:3ln6lp7oiba87",
            story: """
                A peer loses somebody while their check-ins are still to come back to a restored server. The peer's laptop \
                asks about a few of the records that it holds from before with each sync, and once in a round about none: \
                what had come back meanwhile and is no longer theirs stayed until it was asked about again.
                """),
        Known(
            seed: 9_801_992, faults: "loss,clone",
            schedule: "clone:30:26hfujj6naw35,edit:39:6jsh5lib88xn,look:45:1f857q9055h4b,"
                + "clone:3:n5xqk7ekwwkm,undo:24:23kiaasa0pi0p,clone:20:3odmpaiw81pfg,"
                + "sync:22:25adir7zg91q1,staleEdit:51:2z93k1eq572y5",
            story: """
                Somebody takes back what they had looked at, and a copy of their laptop sends it. What they write then stands \
                beside it, because to them it was never written. The oracle took it for read.
                """),
        Known(
            seed: 9_606_913, faults: "loss,undeclaredRestore,gone",
            schedule: "keepBackup:61:9a3a5dj1bwc8,sync:63:hhdv3aziudu8,look:52:2p5q5nnro34c1,"
                + "staleEdit:12:3nsgw932hnegy,sync:59:1glcxeedqj1ig,sync:7:2rrh11ftpmuz3,"
                + "sync:0:3f0ca5v8txasq,vanish:12:3qdurgqrnxj6o,sync:12:1vpqkyl944tr6,"
                + "restoreServer:54:2t08w340nxrz5",
            story: """
                A laptop that was retired before it had heard of what it had sent offers that again without its time. The \
                restored server, to which an administrator had brought it back, gave it another, and took it for news.
                """),
        Known(
            seed: 9_602_069, faults: "loss,restoredServer,forbidden",
            schedule: "admit:31:19v0ab041boxl,keepBackup:46:1vnfd6n0hjz1m,forbidden:43:226moc4qsw2fk,"
                + "edit:60:3mr8clgxwhgax,sync:28:1fr9o63esfede,sync:11:tspckz2bh4n0,"
                + "decide:38:3h999x7skbkcs,edit:55:2dtcnwc8m6qit,sync:10:2jysbsbufdz6c,"
                + "restoreServer:26:ra2kywiepy76",
            story: """
                Two entries made in one go are released, and only one of the two comes back to a restored server. The other \
                was refused for the sake of the first alone, and is taken when it is offered again. The check went by each.
                """),
        Known(
            seed: 9_600_507, faults: "restoredServer,forbidden",
            schedule: "keepBackup:48:2wx5i9pxsapgy,forbidden:31:35rgp6hpgzv3c,"
                + "keepBackup:61:gyh9tq1um89b,sync:51:63nuh98fe8sp,decide:16:2r1vn97gis9bi,"
                + "sync:63:vi72ja1t3g6y,keepBackup:52:2qbvz8p6vpgxw,edit:13:3fkiplfshy6v2,"
                + "sync:55:2d9ajtr5py6fy,restoreServer:49:af0olkejbjwy,sync:20:w6tkf8f5xbq0,"
                + "keepBackup:37:356djs1x0ue4z,restoreServer:42:2l5pqnz8bd25g",
            story: """
                What was forbidden is released, read and replaced; a server that was restored twice has only what replaced \
                it when it is offered once more, and takes it as history. The check looked for the release itself.
                """),
        Known(
            seed: 9_201_151, faults: "restoredLaptop",
            schedule: "edit:27:20rg4whk1d120,keepCopy:42:12s7lu4t4cukq,edit:2:1dy1tp3cqmef9,"
                + "sync:52:k61efqlc6yw4,restoreLaptop:17:3f57uoas6jxmo,edit:17:1gl829cmkjvdr,"
                + "look:22:1fdz45jyna377,sync:27:2lpji7otqayfv,staleEdit:32:1dyixjfe61tde",
            story: """
                A laptop that was put back is told so by the server while its owner has a record before them. Its log is cut \
                back, and the number under which they were shown their own change is an earlier one's of theirs, which \
                they have not read; their next edit said that they had.
                """),
        Known(
            seed: 747, faults: "restoredServer,forbidden",
            schedule: "edit:52:frtehoi322yc,forbidden:31:1fbzrsduakauv,decide:1:1t5xmvenu0z1n,"
                + "look:3:xjyuftglsgev,sync:36:1xaccypt79pxb,forbidden:38:cg7h50yson0l,"
                + "sync:59:ncze6gdthu43,restoreServer:43:3kloj7t3eqttp,sync:46:3hdutjzqydi9v,"
                + "checkIn:5:3kbu9t3eqjrp3,administer:0:1ca3qjrzh4zyd,checkIn:31:1idm5m5avy1lq,"
                + "bring:62:3q1n5gfrc6wo4,undo:52:1oi8ipmp8jhih,forbidden:13:26w4zxc0sqmpe,"
                + "sync:63:3uixkykebrpr7,keepBackup:15:28zt1s9wvt6yr,"
                + "restoreServer:60:27v51x2tgydch,sync:54:17m7mwlopl2ez,decide:20:25eqhk7q85gmn,"
                + "sync:18:1tb3id1ibmb2m,editNote:48:3ideeb2ujky25,sync:48:3ue4ckbpx6edj,"
                + "sync:27:23kcmj3wliuu7,sync:22:3qt4duxq9qw62,edit:9:24y8vlwfte6io,"
                + "sync:41:17kt2ljzxfmxv,staleEdit:61:3cvoqfjlj4fco,sync:14:2fwhpaef5ybv7,"
                + "editNote:38:gjz0q45rc3v7,restoreServer:28:1filizrov8a25,"
                + "forbidden:61:16pad2kweyl5k,admit:3:1ire6lpeg4178,withdraw:25:38hhp6okxep50,"
                + "forbidden:61:3chuken81j56p,resolve:55:25ocng8w1i5zg,edit:38:2cg5iyk3firmz,"
                + "sync:15:19g5xts6g4k43,withdraw:46:td8p1wuoyqo4,sync:11:1vhp5u5yrn459,"
                + "correct:13:23qszbydwnfhz,sync:29:26hw7g3oiu6wg,edit:13:rt6p0zw4fk79,"
                + "edit:62:3p5zw0v0yy6ei,sync:52:1mylwas0qx16l,editNote:25:29yjyd0j1cgir,"
                + "forbidden:9:36tvzqsf3fe0s,sync:52:1sxu1uqgl6bwe,sync:58:1jkjbaa5d3j6j,"
                + "sync:22:ispfqmuudi7f,keepBackup:0:eu03b7050qjn,edit:56:1pm852it91y2o,"
                + "staleEdit:15:18f3o78pj3lrh,restoreServer:51:1uo3flhur6xn6,sync:54:2nb7k30rj9k14,"
                + "decide:60:3i83afdagv8mu,edit:58:2hcq6fijus3as,editNote:49:1so3xv2qfo97o,"
                + "sync:32:2kptsruplaue2,resolve:58:fdbxz44s2f47,decide:18:33c6vlm6jmlb1,"
                + "correct:32:2iw75ra2luwu2,sync:9:2it4f5hijtfmg,sync:20:gunczveac984,"
                + "sync:21:1r2qf6gnqng07,staleEdit:9:2blbmzwhm07qj,sync:46:10s7kp4uul6a1,"
                + "edit:49:gu2cvfyevh5i,withdraw:8:svgbcw2vqji7,sync:28:10ijlv8u215b4,"
                + "edit:42:3h394zrif4ar1,edit:49:x7gmaluasbp5,look:4:35klainwvbpgl,"
                + "edit:29:3j70d5pf7lgwb,edit:6:1ud51tgc6nrmr,staleEdit:58:17kmyx0lhe7i7,"
                + "sync:14:22477t3gaqutt,sync:63:a5o7eo77erhf,sync:1:1es1zhmk67fx7,"
                + "staleEdit:41:36dt0e8lyl9vi,admit:11:1k4koyoqiwvce,forbidden:63:2ca9kh75hyedh,"
                + "restoreServer:8:19ypvhq98ods6,editNote:43:2wp8ieloxzbri,"
                + "checkIn:24:2pow4o848rsdw,correct:6:18enh0iz46yho,staleEdit:21:1kbt7598qyiiu,"
                + "undo:36:pbqna74df4p5,edit:6:1crd5qb3430x4,resolve:60:25ej7g2zdh5zb",
            story: """
                Somebody corrects what was refused, and takes the correction back before anybody hears of it. Then it is \
                refused as it was before. The oracle went on taking it for withdrawn.
                """),
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
        Known(
            seed: 1_010_986, faults: "loss,clone",
            schedule: "admit:8:2h1izh6he13xp,clone:38:1w8mda8hp6rb1,edit:15:3uqtnj7m0ow13,"
                + "edit:59:hpep9pkkyjsj,sync:21:2rhtfpvudkn9a,sync:35:158nvx0jdezf8,edit:5:12ar9kw6iigyz",
            story: """
                A copy of a laptop sends in batches. Before the server had compared all that both had written it answered \
                with a page, and in it stood what the other copy had written under numbers that this one had still to \
                give. The next request was lost; what was written then had such a number, and was not shown.
                """),
        Known(
            seed: 1_007_241, faults: "restoredServer,forbidden",
            schedule: "forbidden:6:2hklvmntvv1i2,sync:46:3c7zzhvz0qcfq,correct:36:2qc4k1z81g61f,"
                + "keepBackup:36:23pnivp37lxfs,decide:21:19hv8q28gkddi,sync:61:3rfkji307wbez,"
                + "restoreServer:41:2qs2udiedz5d2",
            story: """
                Its author took back what had been refused, too late: it had been released. Then the server was put back \
                to before the release, and the laptop, which had been told of it, did not say again what it had said.
                """),
        Known(
            seed: 2035, faults: "loss,scope,crash,twoProcesses,late", schedule: "beside:18:7rpwzncyjjzi",
            story: """
                A second process takes the sync over before the first one's request leaves, sends more, and never hears of \
                it. The first one's request looked like a copy's to the server, and its answer was applied because nobody \
                held the lease any more: an entry was given another number, and stood twice.
                """),
        Known(
            seed: 5296, faults: "loss,crash,undeclaredRestore",
            schedule: "keepBackup:40:3mlv95pbfe1t9,edit:33:1du8u05217ycu,sync:3:38i8wtbo5k7mz,"
                + "restoreServer:25:1q21difztelj3,sync:13:1pxtjmqg6c9b1,restoreServer:14:kbgxgzi0jso0,"
                + "keepBackup:29:f5dtpx7damew,crash:18:nl7vb02r52v9,restoreServer:13:2gkhk3dqs3lgv",
            story: """
                A server is put back by hand, and once more while a laptop is bringing back what it had lost. What the laptop \
                had brought back so far lay in an old incarnation, its cursor had been empty since, and so nothing in its \
                next request showed that this was lost again.
                """),
        Known(
            seed: 5_000_099, faults: "loss,undeclaredRestore,forbidden",
            schedule: "admit:26:3bww8lxkasdwr,keepBackup:31:6mvq8bnf89jy,sync:1:1x0jjlo7xupfy,"
                + "restoreServer:31:2y0mrx8wntfiq",
            story: """
                A server is put back by hand to a backup that lacks a laptop's entries, and the first thing that reaches it \
                is an old request of that laptop, with just these. Its log had the same hash at the same place as the one \
                that was lost, so the laptop's cursor fitted; but the entries counted as made a moment later than their \
                laptop had been told.
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
