import ArgumentParser

/// `porchlight escalation …`
struct EscalationVerbs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "escalation", abstract: "Escalations: list, show, take one up, void one.",
        subcommands: [
            EscalationList.self, EscalationShow.self, EscalationAcknowledge.self, EscalationVoid.self,
        ])
}
