import PeerSupport
import Testing

@Suite struct CSVTests {
    /// Rows as `line:field|field`, problems as `line!`.
    private func read(_ text: String) -> [String] { read(Array(text.utf8)) }

    private func read(_ bytes: [UInt8]) -> [String] {
        CSVReader(bytes).map { result in
            switch result {
            case .success(let row): "\(row.line):" + row.fields.joined(separator: "|")
            case .failure(let problem): "\(problem.line)!"
            }
        }
    }

    @Test func `reads fields, quoted or not, whatever ends a line`() {
        #expect(read("a,b\r\n1,2\n3,4") == ["1:a|b", "2:1|2", "3:3|4"])
        #expect(read("a,\"b,\"\"c\"\"\"\r\n") == ["1:a|b,\"c\""])
        #expect(read(",\r\n\"\",\"\"\n") == ["1:|", "2:|"])
        #expect(read("") == [])
        #expect(read("\r\n\r\n\n") == [])
        #expect(read("\n\na") == ["3:a"])
    }

    @Test func `a byte order mark is no part of the first header`() {
        #expect(read([0xef, 0xbb, 0xbf] + Array("code,name\r\n".utf8)) == ["1:code|name"])
    }

    @Test func `lines inside quotes are counted`() {
        #expect(read("a,\"one\r\ntwo\"\r\nb,c\r\n") == ["1:a|one\r\ntwo", "3:b|c"])
    }

    @Test func `a file of nothing but unclosed rows ends, and every row of it is named`() {
        // Each line ends inside a quoted field, whether it is read from its beginning or as the end of the one before;
        // so each row reaches as far as a row may.
        let lines = 40_000
        let text = String(repeating: "a\"\"\",\"\n", count: lines) + "b,\"c\"\nd,\"e\nf\"\n"
        let read = read(text)
        #expect(read.prefix(lines).elementsEqual((1...lines).map { "\($0)!" }))
        // What closes on its line is read on; what does not is refused by its line, and never passed over in silence.
        #expect(Array(read.dropFirst(lines)) == ["\(lines + 1):b|c", "\(lines + 2)!", "\(lines + 3):f\""])
    }

    @Test func `a bad row costs one row`() {
        #expect(read("a,\"b\"c\n1,2\n") == ["1!", "2:1|2"])
        #expect(read("a,\"b\n1,2\n3,4\n") == ["1!", "2:1|2", "3:3|4"])
        #expect(read("1,2\n\"") == ["1:1|2", "2!"])
        #expect(read(Array("a\n".utf8) + [0xff, 0x0a] + Array("b\n".utf8)) == ["1:a", "2!", "3:b"])
    }

    @Test func `a row without an end is given up before the whole file is read`() {
        let long = "\"" + String(repeating: "x", count: CSVReader.rowBytes) + "\"\nok\n"
        #expect(read(long) == ["1!", "2:ok"])
    }

    @Test(arguments: UInt64(0)..<16) func `what is written is read`(seed: UInt64) {
        var dice = Dice(state: seed)
        let pieces = ["a", ",", "\"", "\n", "\r\n", " ", "é", "", "=1", "\r", "\"\""]
        let rows = (0..<40).map { _ in
            ["key"]
                + (0..<3).map { _ in
                    (0..<Int.random(in: 0...4, using: &dice)).map { _ in
                        pieces[Int.random(in: 0..<pieces.count, using: &dice)]
                    }
                    .joined()
                }
        }
        let text = rows.map(CSVWriter.row).joined()
        #expect(CSVReader(Array(text.utf8)).compactMap { try? $0.get().fields } == rows)
    }

    @Test(arguments: UInt64(0)..<16) func `noise is read to its end and never twice`(seed: UInt64) {
        var dice = Dice(state: seed)
        let alphabet = Array("a,\"\n\r".utf8) + [0xff]
        let bytes = (0..<2000).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &dice)] }
        let lines = CSVReader(bytes).map { result in
            switch result {
            case .success(let row): row.line
            case .failure(let problem): problem.line
            }
        }
        #expect(!lines.isEmpty)
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $0 < $1 })
    }
}
