import Glibc

exit(Command.run(Array(CommandLine.arguments.dropFirst()), in: .live(), on: .standard()))
