import ArgumentParser
import SyncStore

struct Digest: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the digest of every record; an administrator's replica prints the same one.")

    @OptionGroup var data: DataFolder
    @OptionGroup var output: Output

    func run() throws {
        let digest = try data.use { try $0.digest() }
        try output.print(["digest": digest], lines: digest)
    }
}
