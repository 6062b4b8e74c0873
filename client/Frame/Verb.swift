import ArgumentParser

/// One thing that `porchlight` does: arguments that the parser fills, and what is then done with them.
protocol Verb: ParsableCommand {
    /// What every verb takes.
    var common: CommonOptions { get }

    /// Does it. Whatever is thrown here is told in plain words and decides the exit code.
    func run(at desk: Desk) throws
}

/// A verb that shows something and changes nothing, however it ends.
protocol LookingVerb: Verb {}

/// From arguments to an exit code.
enum Command {
    /// Reads the arguments, does what they say, and tells what went wrong.
    ///
    /// - Returns: the exit code.
    static func run(_ arguments: [String], in world: World, on screen: Screen) -> Int32 {
        let command: any ParsableCommand
        do {
            command = try Porchlight.parseAsRoot(arguments)
        } catch {
            let json = arguments.contains("--json")
            if isUsage(error), let wrong = NearestVerb(arguments) {
                return noSuchVerb(wrong, json: json, on: screen)
            }
            return parserSays(error, json: json, on: screen)
        }
        guard let verb = command as? any Verb else { return runOther(command, on: screen) }
        let desk = Desk(verb.common, world: world, screen: screen)
        do {
            try verb.run(at: desk)
            return 0
        } catch let error where isParsers(error) {
            return parserSays(error, json: verb.common.json, on: screen)
        } catch {
            return Failure.tell(
                error, json: verb.common.json, onlyLooks: verb is any LookingVerb, on: desk.screen)
        }
    }

    private static func noSuchVerb(_ wrong: NearestVerb, json: Bool, on screen: Screen) -> Int32 {
        let means = "nothing was done"
        if json {
            let object = Failure.object(
                code: "usage", what: wrong.what, means: means, advice: wrong.advice)
            screen.err(object.text + "\n")
        } else {
            screen.err("error: \(TextWidth.safe(wrong.what))\n       \(means)\ntry:   \(wrong.advice)\n")
        }
        return ExitCode.validationFailure.rawValue
    }

    private static func isUsage(_ error: any Error) -> Bool {
        Porchlight.exitCode(for: error) == .validationFailure
    }

    /// The root alone, a verb of verbs (`porchlight checkin`), and `help`: their own `run` shows what can follow.
    private static func runOther(_ command: any ParsableCommand, on screen: Screen) -> Int32 {
        var command = command
        do {
            try command.run()
            return 0
        } catch {
            return parserSays(error, json: false, on: screen)
        }
    }

    private static func isParsers(_ error: any Error) -> Bool {
        error is ValidationError || error is CleanExit || error is ExitCode
    }

    /// Help, versions, completion scripts and wrong usage come out of the parser as errors.
    private static func parserSays(_ error: any Error, json: Bool, on screen: Screen) -> Int32 {
        let code = Porchlight.exitCode(for: error).rawValue
        if json, isUsage(error) {
            let object = Failure.object(
                code: "usage", what: Porchlight.message(for: error), means: "nothing was done",
                advice: "porchlight --help")
            screen.err(object.text + "\n")
            return code
        }
        let text = Porchlight.fullMessage(for: error, columns: screen.width)
        if !text.isEmpty { code == 0 ? screen.out(text + "\n") : screen.err(text + "\n") }
        return code
    }
}
