import SyncModel
import Testing

@Suite struct VerifyTests {
    private func id(_ low: UInt64) -> Identifier { Identifier(high: 9, low: low) }

    private func record(_ low: UInt64, _ print: UInt64 = 0) -> Bucket.Record {
        Bucket.Record(id: id(low), print: id(print))
    }

    @Test func `a bucket is the end of an id`() {
        #expect(Bucket.number(of: id(0xabcd), bits: 0) == 0)
        #expect(Bucket.number(of: id(0xabcd), bits: 4) == 0xd)
        #expect(Bucket.number(of: id(.max), bits: 12) == 4_095)
    }

    @Test(arguments: [(0, 0), (63, 0), (64, 1), (127, 1), (128, 2), (100_000, 11), (10_000_000, 12)])
    func `buckets hold some 64 records, and there are not too many of them`(records: Int, bits: Int) {
        #expect(Bucket.bits(for: records) == bits)
    }

    @Test func `what differs is named, each once`() {
        let held = [record(1), record(2, 7), record(4), record(6)]
        let due = [record(1), record(2, 8), record(3), record(6), record(9)]
        #expect(
            VerifyFindings.comparing(held, with: due, limit: 10)
                == VerifyFindings(altered: [id(2)], missing: [id(3), id(9)], surplus: [id(4)]))
        #expect(VerifyFindings.comparing(held, with: held, limit: 10).count == 0)
        #expect(VerifyFindings.comparing([], with: due, limit: 10).missing == due.map(\.id))
        #expect(VerifyFindings.comparing(held, with: [], limit: 10).surplus == held.map(\.id))
    }

    @Test func `beyond the limit it is only counted`() {
        let held = (0..<10).map { record($0) }
        let findings = VerifyFindings.comparing(held, with: [], limit: 3)
        #expect(findings.surplus == [id(0), id(1), id(2)] && findings.unnamed == 7 && findings.count == 10)
        var sum = findings
        sum.add(VerifyFindings(altered: [id(1)], unnamed: 2))
        #expect(sum.count == 13 && sum.unnamed == 9)
    }

    @Test func `a digest's first octets are its print`() {
        var digest = StateDigest()
        digest.add(id: id(1), table: "site", state: [1, 2, 3])
        #expect(digest.text.hasPrefix(hexadecimal(digest.print.bytes)))
        #expect(digest.print == StateDigest.recordPrint(id: id(1), table: "site", state: [1, 2, 3]))
        #expect(digest.print != StateDigest.recordPrint(id: id(1), table: "site", state: [1, 2, 4]))
    }
}
