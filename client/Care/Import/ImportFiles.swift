import Glibc
import PeerSupport
import SyncModel

/// Which files an import reads, in the order in which they build on each other.
struct ImportFiles {
    /// One file and what it holds.
    struct Source {
        let path: String
        let mapping: ImportTable
    }

    let sources: [Source]

    /// Looks at folders and files as they were typed.
    ///
    /// - Throws: ``SyncError`` `badValue` for what is not there, or whose name says nothing.
    init(_ typed: [String]) throws {
        var found: [Source] = []
        for path in typed {
            var status = stat()
            guard stat(path, &status) == 0 else {
                throw Self.problem("there is no file or folder \(path)")
            }
            if status.st_mode & S_IFMT == S_IFDIR {
                let here = ImportTable.all.filter { access("\(path)/\($0.file)", F_OK) == 0 }
                if here.isEmpty {
                    throw Self.problem("the folder \(path) holds no file that can be imported")
                }
                let strangers = Self.tables(in: path).filter { name in
                    !ImportTable.all.contains { $0.file == name }
                }
                if let first = strangers.first {
                    throw Self.problem("\(first) is not the name of a file that can be imported")
                }
                found += here.map { Source(path: "\(path)/\($0.file)", mapping: $0) }
            } else {
                let name = path.split(separator: "/").last.map(String.init) ?? path
                guard let mapping = ImportTable.all.first(where: { $0.file == name }) else {
                    throw Self.problem("\(name) is not the name of a file that can be imported")
                }
                found.append(Source(path: path, mapping: mapping))
            }
        }
        sources = ImportTable.all.flatMap { mapping in found.filter { $0.mapping == mapping } }
    }

    /// The CSV files of a folder by their names, sorted.
    private static func tables(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { octets in
                String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.lowercased().hasSuffix(".csv") { names.append(name) }
        }
        return names.sorted()
    }

    /// A file's bytes.
    static func read(_ path: String) throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw problem("the file \(path) cannot be read") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw problem("\(path) is not a file")
        }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count, let start = buffer.baseAddress {
                let part = Glibc.read(file, start + count, buffer.count - count)
                if part < 0, errno == EINTR { continue }
                if part < 0 { failed = true }
                if part <= 0 { return }
                count += part
            }
        }
        if failed { throw problem("the file \(path) cannot be read") }
        return bytes
    }

    private static func problem(_ what: String) -> SyncError {
        let names = ImportTable.all.map(\.file).joined(separator: ", ")
        return SyncError(
            .badValue, what, means: "nothing was imported",
            advice: "`porchlight import --headers` shows what each file holds: \(names)")
    }
}
