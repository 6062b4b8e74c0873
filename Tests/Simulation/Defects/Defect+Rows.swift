extension Defect {
    /// What is broken, and what must find it. The README has the same table, for people.
    static let rows: [Defect: Row] = [
        .forgottenChange: Row(1, ["lost"], .loss, "the server forgets a change that it had taken"),
        .forgottenReading: Row(2, ["false conflict"], .loss, "the server forgets who had read what"),
        .alteredState: Row(
            3, ["converges"], .loss, "the link moves a time by a microsecond in what a laptop receives"),
        .doubledRepeat: Row(
            4, ["repetition"], .loss, "a request that comes again is taken as a new one",
            saying: "was taken twice"),
        .stuckQueue: Row(5, ["drains"], .loss, "no answer to what one laptop sends ever arrives"),
        .cursorAhead: Row(6, ["cursor"], .loss, "a record is lost on the way, and the cursor is not"),
        .hiddenEdit: Row(7, ["reads own writes"], .loss, "what a person has just written is not shown"),
        .wideScope: Row(8, ["scope"], .scope, "a peer receives a whole site", saying: "the server gives"),
        .keptLeaves: Row(8, ["scope"], .scope, "nobody is told that a record leaves"),
        .unsentLeaves: Row(8, ["lost"], [.loss, .scope], "a record that leaves takes unsent changes along"),
        .blindToCopies: Row(9, ["lost", "queues"], .clone, "the server never sees copies of a laptop"),
        .trustedClock: Row(9, ["time"], .clocks, "the server believes the laptop's clock"),
        .crashForgets: Row(10, ["lost"], .crash, "a crash takes the last committed edit along"),
        .crashInvents: Row(10, ["nothing invented"], .crash, "an edit that broke off is there after all"),
        .strayChance: Row(11, ["same seed"], .loss, "chance comes from outside the seed"),
        .erasingClient: Row(
            12, ["passes through"], .versions, "an older laptop drops the registers that it does not know"),
        .forgottenRelease: Row(
            1, ["released"], .forbidden, "the server forgets what it issued for a released change"),
        .greedyRelease: Row(
            2, ["lost"], [.loss, .forbidden], "a released change replaces what was written since"),
        .revivedDiscard: Row(1, ["discarded"], .forbidden, "what was discarded is in quarantine again"),
        .partialDecision: Row(
            10, ["decided"], [.forbidden, .crash], "of what was entered together only a part is decided"),
        .deafToWithdrawals: Row(
            5, ["withdrawn"], .forbidden, "what an author takes back stays in quarantine"),
        .keptMark: Row(5, ["outbox"], .forbidden, "nobody is told what was decided about quarantine"),
        .forgottenDecisions: Row(
            9, ["tokens"], .restoredServer, "a restore takes along who was enrolled and retired since"),
        .repeatedEpoch: Row(9, ["epochs"], .restoredServer, "a restore knows nothing of earlier epochs"),
        .halfBackup: Row(10, ["backup"], .crash, "a backup has its name before it is whole"),
        .lateDisk: Row(10, ["epochs"], .crash, "a server that breaks off loses what it had committed"),
        .alteredAudit: Row(10, ["verify"], .loss, "an entry of the audit log is altered"),
        .damagedFile: Row(10, ["integrity"], .loss, "an index of the server's file lacks a row"),
        .alteredLog: Row(10, ["doctor"], .loss, "an entry of a laptop's own log is altered"),
        .alteredRow: Row(3, ["rebuild"], .loss, "a visible row of a laptop is altered"),
        .stolenLease: Row(4, ["lease"], .twoProcesses, "a second process finds no lease"),
        .shortFeed: Row(3, ["digest"], .loss, "the server's feed leaves out a record"),
        .falseRefusal: Row(1, ["quarantine"], .loss, "the server refuses what is honest"),
        .shortReceipt: Row(7, ["receipt"], .loss, "an edit says that it wrote less than it did"),
        .allPermitted: Row(1, ["permission"], .forbidden, "the server lets everybody write everything"),
        .lateRepeat: Row(
            4, ["repetition"], .loss, "an old request that comes when all is settled is taken as a new one",
            saying: "old requests that came again"),
        .strayRecord: Row(
            8, ["scope"], .loss, "a page brings a record that is not the laptop's to see", saying: "was sent"),
        .ghostRecord: Row(
            3, ["converges"], .loss, "a laptop holds a record that the server does not have",
            saying: "which the server does not have"),
        .garbledAnswer: Row(5, ["sync"], .loss, "an answer arrives altered, and cannot be read"),
        .stuckLog: Row(7, ["edit"], .loss, "a laptop's log takes no entry"),
        .stuckUndo: Row(7, ["undo"], .loss, "a laptop's log gives no entry back"),
        .unshownMaking: Row(
            7, ["reads own writes"], .loss,
            "a record that was made on the laptop and not sent is shown no more", saying: "shows nothing of"),
        .deafToRecall: Row(
            1, ["recall"], [.restoredServer, .gone],
            "a restored server does not hear what administrators bring back",
            saying: "laptop never calls again"),
        .waryOfRetired: Row(
            1, ["quarantine"], [.restoredServer, .gone],
            "what a retired laptop offers again stays in quarantine, though administrators brought it back",
            saying: "was brought back"),
        .lostTable: Row(10, ["unexpected"], .loss, "the server's file lacks a table"),
    ]
}
