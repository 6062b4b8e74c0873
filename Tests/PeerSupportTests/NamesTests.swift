@testable import PeerSupport
import Testing

/// Names and codes as people compare them.
@Suite struct NamesTests {
    @Test func `names are compared without accents, case and what is no letter`() {
        #expect(Folding.name("  María  GONZÁLEZ-Ruiz ") == "maria gonzalezruiz")
        #expect(Folding.name("Łukasz Öz 2") == "lukasz oz ")
        // One letter with its accent, or a letter and an accent after it.
        #expect(Folding.name("Jose\u{301}") == Folding.name("Jos\u{e9}"))
    }

    @Test func `a text keeps everything but its accents and its case`() {
        #expect(Folding.plain("P0142 José Ñandú-Öz") == "p0142 jose nandu-oz")
        #expect(Folding.plain("Jose\u{301}") == "jose")
        #expect(Folding.plain("שלום 12, ß") == "שלום 12, ß")
        #expect(Folding.plain("") == "")
    }

    @Test(arguments: [
        ("ps07", "PS07"), ("PS7", "PS07"), ("PS-07", "PS07"), (" PS 07", "PS07"), ("PSO7", "PS07"),
        ("PS007", "PS07"), ("AD1", "AD01"), ("PX07", "PS07"), ("PS0", "PS07"), ("s01", "S1"), ("SI", "S1"),
        ("PS70", nil), ("S3", nil), ("S", nil), ("", nil), ("Rosa Diaz", nil), ("-", nil),
    ])
    func `the one code that was meant is found, and none where it might be another`(
        typed: String, meant: String?
    ) {
        #expect(Spelling.nearest(typed, among: ["PS07", "AD01", "S1", "S2", "N100", "N101"]) == meant)
    }

    @Test func `where two are as near none is named`() {
        #expect(Spelling.nearest("PS0O", among: ["PS01", "PS02"]) == nil)
        #expect(Spelling.nearest("n1o0", among: ["N100", "N101"]) == "N100")
        #expect(Spelling.nearest("ps01", among: ["PS01", "PS1"]) == nil)
    }
}
