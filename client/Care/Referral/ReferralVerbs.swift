import ArgumentParser

/// `porchlight referral …`
struct ReferralVerbs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "referral", abstract: "Referrals, from being sent to the first visit and the end.",
        subcommands: [
            ReferralAdd.self, ReferralSend.self, ReferralAccept.self, ReferralDecline.self,
            ReferralSchedule.self,
            ReferralNoShow.self, ReferralSeen.self, ReferralReceiving.self, ReferralClose.self,
            ReferralWithdraw.self, ReferralList.self, ReferralShow.self,
        ])
}
