import Foundation
import PeerSupport
import SyncModel
import SyncReplica

/// A folder for one run, the built commands beside this one, and the measurements taken so far.
final class Workbench {
    let folder: URL
    let products: URL
    private var lines: [Line] = []

    /// One row of the report.
    struct Line: Encodable {
        let work: String
        let milliseconds: Double
        let floorMilliseconds: Double?
        let ratio: Double?
        let target: String
        let note: String
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "porchlight-benchmark-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard let executable = Bundle.main.executableURL else { throw Trouble("where am I?") }
        products = executable.resolvingSymlinksInPath().deletingLastPathComponent()
        for name in ["porchlight", "porchlightd"] {
            guard FileManager.default.isExecutableFile(atPath: products.appending(path: name).path) else {
                throw Trouble("\(name) is not built; run `swift build -c release` first")
            }
        }
    }

    func clean() { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func tool(_ name: String) -> String { products.appending(path: name).path }

    /// Adds a row and prints it.
    func report(
        _ work: String, _ milliseconds: Double, floor: Double? = nil, target: String, note: String = ""
    ) {
        let ratio = floor.map { milliseconds / $0 }
        lines.append(
            Line(
                work: work, milliseconds: milliseconds, floorMilliseconds: floor, ratio: ratio,
                target: target, note: note))
        func figure(_ number: Double) -> String { String(format: "%.1f", number) }
        var line = "\(work): \(figure(milliseconds)) ms"
        if let floor, let ratio {
            line += ", floor \(figure(floor)) ms, ratio \(String(format: "%.2f", ratio))"
        }
        line += " (target: \(target))"
        if !note.isEmpty { line += "; \(note)" }
        print(line)
    }

    /// All rows as JSON.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(lines), as: UTF8.self)
    }
}

/// A failure of the benchmark itself.
struct Trouble: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Wall time of some work, milliseconds.
func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try body()
    let spent = (clock.now - start).components
    return Double(spent.seconds) * 1000 + Double(spent.attoseconds) / 1e15
}

/// The middle of some figures.
func median(_ figures: [Double]) -> Double {
    let sorted = figures.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
}

extension Surroundings {
    /// This machine's clocks, and dice that fall the same way every time.
    static func seeded(_ seed: UInt64) -> Surroundings {
        let state = Seeded(seed)
        return Surroundings(
            clock: {
                var wall = timespec()
                var boot = timespec()
                clock_gettime(CLOCK_REALTIME, &wall)
                clock_gettime(CLOCK_BOOTTIME, &boot)
                return ClockReading(
                    wallMicroseconds: Int64(wall.tv_sec) * 1_000_000 + Int64(wall.tv_nsec) / 1000,
                    boot: Identifier(high: 1, low: seed),
                    bootMicroseconds: Int64(boot.tv_sec) * 1_000_000 + Int64(boot.tv_nsec) / 1000)
            },
            random: { state.next() })
    }
}
