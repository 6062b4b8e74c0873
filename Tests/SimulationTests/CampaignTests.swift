import Simulation
import Testing

/// What is drawn, what is told, and what is missed when it never came.
@Suite struct CampaignTests {
    @Test func `swarm draws restores that nobody declares, and never beside copies of laptops`() {
        let swarm = Campaign(.swarm(.any))
        let drawn = (1...400).map { swarm.simulation(UInt64($0)).faults }
        let undeclared = drawn.filter { $0.contains(.undeclaredRestore) }
        #expect(undeclared.count > 20)
        #expect(undeclared.allSatisfy { $0.isDisjoint(with: [.clone, .restoredLaptop]) })
        #expect(drawn.contains { !$0.isDisjoint(with: [.clone, .restoredLaptop]) })
    }

    @Test func `each comes round to every family, alone and on a link that loses things`() {
        let each = Campaign(.each(.any))
        let rounds = 2 * UInt64(Faults.any.families.count)
        let drawn = Set((0..<rounds).map { each.simulation($0).faults })
        for family in Faults.any.families {
            #expect(drawn.contains(family.faults), "\(family.name)")
            #expect(drawn.contains(family.faults.union(.loss)), "\(family.name)")
        }
    }

    @Test func `what never came is missed`() async {
        var campaign = Campaign(.fixed([.undeclaredRestore, .twoProcesses]))
        campaign.acts = 0
        let nothing = await campaign.run(from: 1, while: { $0 < 1 }, tell: { _ in })
        let gaps = nothing.unreached(of: .any)
        #expect(!gaps.contains("family undeclaredRestore"))
        #expect(gaps.contains("family brokenUndeclared"))
        let names = [
            "server put back by hand", "restore by hand found out", "second process before the sending",
            "second process between pages", "second process after the answer", "beside", "restoreServer",
        ]
        for name in names { #expect(gaps.contains("fault \(name)"), "\(name)") }
        campaign.acts = 90
        let played = await campaign.run(from: 1, while: { $0 < 6 }, tell: { _ in })
        #expect(played.failures.isEmpty)
        let left = played.unreached(of: .any)
        for name in names { #expect(!left.contains("fault \(name)"), "\(name)") }
    }

    @Test func `that nothing broke says little where something was broken on purpose`() async {
        var campaign = Campaign(.fixed([.restoredServer, .gone]))
        campaign.acts = 0
        let sound = await campaign.run(from: 1, while: { $0 < 1 }, tell: { _ in })
        #expect(sound.description.hasSuffix("nothing broke"))
        campaign.defect = .deafToRecall
        let broken = await campaign.run(from: 1, while: { $0 < 2 }, tell: { _ in })
        #expect(broken.failures.isEmpty)
        #expect(
            broken.description.contains(
                "nothing broke\nThe defect deafToRecall was not found: in these seeds it had no chance"),
            "\(broken)")
        #expect(broken.description.hasSuffix("found by the check recall."), "\(broken)")
    }

    @Test func `a crash counts where a laptop broke off, and nowhere else`() async {
        for seed in 1...6 as ClosedRange<UInt64> {
            let figures = await Simulation(seed: seed, faults: [.crash]).run().figures
            let servers = figures.serverSteps.values.reduce(0, +)
            let between = figures.faults["server broke off between two requests"] ?? 0
            #expect(figures.faults["crash"] ?? 0 == figures.steps.values.reduce(0, +))
            #expect(figures.faults["serverCrash"] ?? 0 <= servers + between)
        }
    }

    @Test func `the first line names the seeds and the faults`() {
        var campaign = Campaign(.fixed([.loss, .crash]))
        #expect(campaign.heading(from: 7, runs: 1, minutes: nil) == "seed 7, faults loss,crash, 90 acts")
        #expect(
            campaign.heading(from: 7, runs: 3, minutes: nil) == "seeds 7 to 9, faults loss,crash, 90 acts")
        campaign.defect = .stuckLog
        #expect(
            campaign.heading(from: 7, runs: 1, minutes: nil)
                == "seed 7, faults loss,crash, 90 acts, defect stuckLog: a laptop's log takes no entry")
        let swarm = Campaign(.swarm([.loss, .scope]))
        #expect(
            swarm.heading(from: 1, runs: nil, minutes: 10)
                == "seeds from 1 on, for 10.0 minutes at the most, faults swarm of loss,scope, 90 acts")
        let drawn = swarm.simulation(5).faults.names
        #expect(
            swarm.heading(from: 5, runs: 1, minutes: nil) == "seed 5, faults \(drawn) (swarm), 90 acts")
    }
}
