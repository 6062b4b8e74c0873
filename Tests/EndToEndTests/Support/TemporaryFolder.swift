import Foundation
import Glibc

/// A folder of a test's own, removed with everything in it when the test lets go of it.
final class TemporaryFolder {
    let url: URL

    init() throws {
        let template = FileManager.default.temporaryDirectory.appending(path: "porchlight-XXXXXX").path
        var bytes = Array(template.utf8CString)
        guard mkdtemp(&bytes) != nil else { throw Failure.system("mkdtemp", errno) }
        url = URL(filePath: String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// A folder inside, made if it is not there.
    func folder(_ name: String) throws -> URL {
        let inside = url.appending(path: name)
        try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
        return inside
    }
}
