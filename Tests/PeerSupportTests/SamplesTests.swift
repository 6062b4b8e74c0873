import Foundation
import PeerSupport
import SyncModel
import Testing

@testable import samples

@Suite struct SamplesTests {
    private func run(seed: UInt64, participants: Int = 40) throws -> SampleFiles {
        let until = try #require(CivilDate(text: "2025-12-31"))
        return Generator.run(.init(seed: seed, participants: participants, until: until))
    }

    @Test func `the same seed gives the same bytes, another gives others`() throws {
        let first = try run(seed: 7).files.map(\.text)
        #expect(try run(seed: 7).files.map(\.text) == first)
        #expect(try run(seed: 8).files.map(\.text) != first)
    }

    @Test func `every row can be imported, once, by an administrator`() throws {
        let files = try run(seed: 7)
        var ids: Set<RecordID> = []
        var staff: [RecordID: RecordView] = [:]
        let clock = LocalTime.utc(now: 0)
        for file in files.files {
            #expect(file.count > 0, "\(file.mapping.file)")
            var plan: ImportPlan?
            for result in CSVReader(Array(file.text.utf8)) {
                let row = try result.get()
                guard let known = plan else {
                    plan = try ImportPlan(file.mapping, headers: row, at: clock)
                    continue
                }
                let read = try known.read(row)
                #expect(ids.insert(read.record).inserted, "\(file.mapping.file) line \(row.line)")
                let change = Change(
                    dot: Dot(Make.device, 1), epoch: 1, author: "AD01", table: read.table,
                    record: read.record,
                    writes: read.writes, context: Context(),
                    clock: ClockReading(wallMicroseconds: 0, boot: Make.id(0), bootMicroseconds: 0))
                let judged = JudgedChange(
                    change: change, actor: Actor(staff: "AD01", role: "administrator", device: "LT1"),
                    before: nil)
                #expect(Make.domain.refusal(of: judged) { staff[$0] } == nil)
                if read.table == "staff", let table = PeerSupportSchema.schema.table("staff") {
                    let state = RecordState(table: "staff", live: [Make.live(1, read.writes)])
                    staff[read.record] = RecordView(id: read.record, state: state, table: table)
                }
            }
        }
        #expect(ids.count == files.count)
        // What is referred to is there.
        for file in files.files {
            for case .key(let table) in file.mapping.columns.map(\.conversion) {
                #expect(files.files.contains { $0.mapping.table == table })
            }
        }
    }

    @Test func `an agency has the size the papers describe`() throws {
        let counts = Dictionary(
            uniqueKeysWithValues: try run(seed: 1).files.map { ($0.mapping.table, $0.count) })
        #expect(counts["site"] == 3)
        #expect(counts["participant"] == 40)
        #expect(counts["staff"] == 162)
    }

    @Test func `the README lists the headers as they are`() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../samples/README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.hasSuffix(ImportTable.guide))
    }
}
