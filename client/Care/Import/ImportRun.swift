import PeerSupport
import SyncModel
import SyncReplica

/// Takes files in, some thousand rows to a transaction, so that memory does not grow with the file.
final class ImportRun {
    /// Rows in one transaction. They are not linked: a row that the server refuses takes no other with it.
    static let batch = 2_000

    /// Does one edit: for good, or in a rehearsal.
    typealias Writing = (_ body: (Edit) throws -> Void) throws -> Void

    private let edit: Writing
    private let clock: LocalTime
    private let progress: (String, Int) -> Void
    private let complain: (String) -> Void
    private let showsValues: Bool
    private var known = Set<RecordID>()
    private let people: [String: ImportNaming]
    private var directory: ImportDirectory
    private(set) var report = ImportReport()

    /// - Parameters:
    ///   - progress: told after every batch the file and how many rows of it were read.
    ///   - showsValues: whether what `complain` is given may say what stands in a field.
    ///   - complain: given every bad or differing row, as one line.
    init(
        _ known: Known, at clock: LocalTime, showsValues: Bool, edit: @escaping Writing,
        progress: @escaping (String, Int) -> Void, complain: @escaping (String) -> Void
    ) {
        people = known.people
        directory = known.directory
        self.edit = edit
        self.clock = clock
        self.showsValues = showsValues
        self.progress = progress
        self.complain = complain
    }

    /// Takes one file in. Its bad rows are reported, the rest goes in.
    func take(_ source: ImportFiles.Source) throws {
        var line = ImportReport.Line(table: source.mapping.table, file: source.mapping.file)
        defer { report.lines.append(line) }
        let bytes = try ImportFiles.read(source.path)
        var reader = CSVReader(bytes)
        let plan: ImportPlan
        do {
            guard let headers = reader.next() else { throw CSVProblem(line: 1, reason: "the file is empty") }
            let people = people
            plan = try ImportPlan(source.mapping, headers: headers.get(), at: clock) { table, key in
                table == "participant" ? people[key] : nil
            }
        } catch let problem as CSVProblem {
            line.isRead = false
            complain(of: problem, line)
            return
        }
        introduce(plan, bytes)
        var rows: [ImportedRow] = []
        rows.reserveCapacity(Self.batch)
        while let next = reader.next() {
            line.rows += 1
            do throws(CSVProblem) {
                rows.append(try plan.read(next.get()))
            } catch {
                bad(error, &line)
            }
            if rows.count == Self.batch {
                try write(rows, &line)
                rows.removeAll(keepingCapacity: true)
                progress(line.file, line.rows)
            }
        }
        try write(rows, &line)
    }

    /// Makes known the codes of a file whose rows may name each other: a supervisor may stand below those whom they supervise.
    private func introduce(_ plan: ImportPlan, _ bytes: [UInt8]) {
        guard plan.mapping.columns.contains(where: { $0.directory == plan.mapping.table }) else { return }
        var reader = CSVReader(bytes)
        _ = reader.next()
        while let next = reader.next() {
            if let row = try? plan.read(next.get()) { directory.add(row) }
        }
    }

    /// What is here before anything is imported. It is looked up once: what the import itself adds has ids made from
    /// its keys anyway.
    struct Known {
        /// The participants, by their codes. Those that an import made have ids made from their codes, so that rows
        /// which refer to them find them wherever they are imported; whoever was added in the field has not.
        let people: [String: ImportNaming]
        let directory: ImportDirectory

        init(in replica: Replica) throws {
            var found: [String: ImportNaming] = [:]
            for view in try replica.find(Query("participant")) {
                guard let code = view["code"].text else { continue }
                found[code] = found[code] == nil ? .record(view.id) : .several
            }
            people = found
            var codes: [String: Set<String>] = [:]
            for table in ImportDirectory.tables {
                codes[table] = Set(try replica.find(Query(table)).compactMap { $0["code"].text })
            }
            directory = ImportDirectory(codes)
        }
    }

    private func write(_ rows: [ImportedRow], _ line: inout ImportReport.Line) throws {
        guard !rows.isEmpty else { return }
        var written = line
        var problems: [CSVProblem] = []
        var differences: [ImportReport.Difference] = []
        try edit { edit in
            for row in rows {
                do {
                    if let difference = try write(row, edit, &written) { differences.append(difference) }
                } catch let problem as CSVProblem {
                    problems.append(problem)
                }
            }
        }
        line = written
        for problem in problems { bad(problem, &line) }
        for difference in differences {
            if let difference = report.note(difference) {
                complain(difference.text(showsValues: showsValues))
            }
        }
    }

    /// Writes one row; what is here already is left as it is, and its difference given back.
    private func write(
        _ row: ImportedRow, _ edit: Edit, _ line: inout ImportReport.Line
    ) throws -> ImportReport.Difference? {
        if let here = try edit.view(row.record) {
            let differing = here.deletion == .deleted ? nil : differences(row, here)
            guard differing?.isEmpty != true else {
                line.unchanged += 1
                return nil
            }
            line.differing += 1
            return ImportReport.Difference(file: line.file, line: row.line, fields: differing ?? [])
        }
        try checkReferences(row, edit)
        if let problem = directory.problem(in: row) { throw problem }
        do {
            try edit.create(row.table, id: row.record, row.writes)
        } catch let error as SyncError where error.code == .badValue || error.code == .notPermitted {
            throw CSVProblem(line: row.line, reason: error.what)
        }
        directory.add(row)
        line.added += 1
        return nil
    }

    /// The fields in which a row differs from the record that is here.
    private func differences(_ row: ImportedRow, _ here: RecordView) -> [ImportDifference] {
        let columns = ImportTable.of(row.table)?.columns ?? []
        return row.writes.flatMap { write -> [ImportDifference] in
            let fields = here.table.register(write.register)?.fields ?? []
            return zip(fields, write.values).compactMap { field, value in
                guard here[field.name] != value else { return nil }
                let header = columns.first { $0.field == field.name }?.header ?? field.name
                return ImportDifference(header: header, field, here: here[field.name], row: value, at: clock)
            }
        }
    }

    /// A row about somebody who is not here would belong to nobody, and be seen by nobody.
    private func checkReferences(_ row: ImportedRow, _ edit: Edit) throws {
        for value in row.writes.flatMap(\.values) {
            guard let id = value.reference, !known.contains(id) else { continue }
            guard try edit.view(id) != nil else {
                let column = ImportTable.of(row.table)?.columns.first { column in
                    if case .key = column.conversion {
                        value == row.value(of: column.field)
                    } else {
                        false
                    }
                }
                throw CSVProblem(
                    line: row.line, reason: "\(column?.header ?? "a key") names a record that is not here")
            }
            known.insert(id)
        }
    }

    private func bad(_ problem: CSVProblem, _ line: inout ImportReport.Line) {
        line.bad += 1
        complain(of: problem, line)
    }

    private func complain(of problem: CSVProblem, _ line: ImportReport.Line) {
        let found = ImportReport.Problem(file: line.file, line: problem.line, reason: problem.reason)
        if let found = report.note(found) { complain(found.text) }
    }
}
