import PeerSupport

/// One CSV file while it grows, as text, so that a large agency fits into memory.
struct SampleFile {
    let mapping: ImportTable
    private(set) var text: String
    private(set) var count = 0

    init(_ mapping: ImportTable) {
        self.mapping = mapping
        text = CSVWriter.row(mapping.columns.map(\.header))
    }

    /// Adds a row; headers that it does not name stay empty.
    mutating func add(_ row: [String: String]) {
        text += CSVWriter.row(mapping.columns.map { row[$0.header] ?? "" })
        count += 1
    }
}

/// All files of an agency.
struct SampleFiles {
    private(set) var files: [SampleFile] = ImportTable.all.map(SampleFile.init)
    private let places: [String: Int] = Dictionary(
        uniqueKeysWithValues: ImportTable.all.enumerated().map { ($1.table, $0) })

    /// Adds a row to a table's file.
    mutating func add(_ table: String, _ row: [String: String]) {
        guard let place = places[table] else { return }
        files[place].add(row)
    }

    /// How many rows there are.
    var count: Int { files.reduce(0) { $0 + $1.count } }
}
