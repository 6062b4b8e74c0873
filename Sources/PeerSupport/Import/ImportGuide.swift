extension ImportTable {
    /// What each file holds, header by header, as Markdown: for people who prepare files, and for the samples'
    /// README, which a test holds to it.
    public static var guide: String {
        all.map { table in
            let rows = table.columns.map { column in
                "| `\(column.header)` | \(column.isRequired ? "yes" : "") | \(column.about) |\n"
            }
            return "## \(table.file)\n\nOne row is one \(table.table); `\(table.key)` names it for good.\n\n"
                + "| header | required | what stands in it |\n| --- | --- | --- |\n" + rows.joined()
        }
        .joined(separator: "\n")
    }
}
