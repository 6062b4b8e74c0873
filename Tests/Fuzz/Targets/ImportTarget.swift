import PeerSupport
import SyncModel

/// Reads a CSV file. The first octet chooses the table, the others are the file.
///
/// Whatever the file holds: every row comes with its line or is refused with its line, in order; a row that was read
/// comes back the same when it is written and read again; a record that comes of it fits the schema.
public enum ImportTarget {
    /// An input as a corpus holds it.
    public static func input(_ table: String, _ bytes: [UInt8]) -> [UInt8] {
        let place = ImportTable.all.firstIndex { $0.table == table } ?? 0
        return [UInt8(truncatingIfNeeded: place)] + bytes
    }

    static func run(_ input: [UInt8]) throws(Broken) {
        guard let first = input.first else { return }
        let mapping = ImportTable.all[Int(first) % ImportTable.all.count]
        let bytes = Array(input.dropFirst())
        let lines = bytes.count { $0 == UInt8(ascii: "\n") } + 1
        let clock = LocalTime(now: 1_770_000_000) { $0 < 1_760_000_000 ? -4 * 3_600 : -5 * 3_600 }
        var last = 0
        var plan: ImportPlan?
        for result in CSVReader(bytes) {
            switch result {
            case .failure(let problem):
                try Broken.unless(problem.line > last && problem.line <= lines, "lines ascend")
                try Broken.unless(!problem.reason.isEmpty, "a refused row is told why")
                last = problem.line
            case .success(let row):
                try Broken.unless(row.line > last && row.line <= lines, "lines ascend")
                last = row.line
                try comesBack(row)
                if let plan {
                    try read(row, plan)
                } else {
                    guard let begun = try? ImportPlan(mapping, headers: row, at: clock) else { return }
                    plan = begun
                }
            }
        }
    }

    private static func read(_ row: CSVRow, _ plan: ImportPlan) throws(Broken) {
        let read: ImportedRow
        do throws(CSVProblem) {
            read = try plan.read(row)
        } catch {
            try Broken.unless(error.line == row.line, "a refused row is named by its line")
            return
        }
        let fits = (try? PeerSupportSchema.schema.validate(table: read.table, writes: read.writes)) != nil
        try Broken.unless(fits && read.line == row.line, "an imported row fits the schema")
    }

    private static func comesBack(_ row: CSVRow) throws(Broken) {
        // A single empty field is a blank line, which is passed over.
        guard row.fields != [""] else { return }
        // Behind another row, since a byte order mark is no part of a field only where a file begins.
        var again = CSVReader(Array("first\r\n\(CSVWriter.row(row.fields))".utf8))
        _ = again.next()
        guard case .success(let second)? = again.next() else {
            throw Broken("a row that was read can be written")
        }
        try Broken.unless(second.fields == row.fields, "a row comes back the same")
        try Broken.unless(again.next() == nil, "a row comes back as one")
    }
}
