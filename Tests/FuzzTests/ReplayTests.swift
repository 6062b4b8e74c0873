import Foundation
import FuzzTargets
import Testing

/// Every input that the fuzzer begins with, and every one that it ever failed on, is tried in each run of the tests.
@Suite struct ReplayTests {
    /// One kept input.
    struct Kept: Sendable, CustomTestStringConvertible {
        let target: FuzzTarget
        let file: URL

        var testDescription: String { "\(target.rawValue)/\(file.lastPathComponent)" }

        /// All files of a folder of `Tests/Fuzz`, by target.
        static func all(in folder: String) -> [Kept] {
            FuzzTarget.allCases.flatMap { target in
                let place = Corpus.root.appending(path: "\(folder)/\(target.rawValue)")
                let files = try? FileManager.default.contentsOfDirectory(
                    at: place, includingPropertiesForKeys: nil)
                return (files ?? []).filter { !$0.lastPathComponent.hasPrefix(".") }
                    .sorted { $0.path < $1.path }.map { Kept(target: target, file: $0) }
            }
        }
    }

    @Test(arguments: Kept.all(in: "Corpus") + Kept.all(in: "Found"))
    func `a kept input breaks nothing`(kept: Kept) throws {
        try kept.target.run(Array(Data(contentsOf: kept.file)))
    }

    @Test(arguments: FuzzTarget.allCases)
    func `the seeds are those that the documents give`(target: FuzzTarget) throws {
        for seed in try Corpus.seeds(of: target) {
            let file = Corpus.root.appending(path: "Corpus/\(target.rawValue)/\(seed.name)")
            if ProcessInfo.processInfo.environment["WRITE_CORPUS"] != nil {
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(seed.bytes).write(to: file)
            }
            let kept = try? Data(contentsOf: file)
            #expect(
                kept == Data(seed.bytes),
                "\(seed.name) is out of date: WRITE_CORPUS=1 swift test --filter ReplayTests")
        }
    }

    @Test(arguments: WireTarget.Decoder.allCases)
    func `every decoder has a seed that it accepts`(decoder: WireTarget.Decoder) throws {
        let accepted = try Corpus.seeds(of: .wire).filter { seed in
            seed.bytes.first == decoder.rawValue
                && Corpus.isAccepted(Array(seed.bytes.dropFirst()), by: decoder)
        }
        #expect(!accepted.isEmpty)
    }
}
