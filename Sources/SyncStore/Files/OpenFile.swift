import Foundation

/// A call to the system that failed, with its number.
struct FileFault: Error {
    let number: Int32

    /// The failure of the call that has just returned.
    static var last: FileFault { FileFault(number: errno) }
}

/// An open file, closed when it goes out of use.
struct OpenFile: ~Copyable {
    private let descriptor: Int32

    /// Opens a file; what is created is for this user only.
    init(_ path: String, _ flags: Int32) throws {
        let descriptor = open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFault.last }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Takes the file's lock, waiting for it.
    func lock() throws {
        while flock(descriptor, LOCK_EX) != 0 { guard errno == EINTR else { throw FileFault.last } }
    }

    /// Takes the lock if nobody has it, and the file still is the one of that name.
    func tryLock(_ path: String) throws -> Bool {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw FileFault.last }
            return false
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileFault.last }
        return Self.identity(path) == [UInt64(status.st_dev), UInt64(status.st_ino)]
    }

    /// Everything in it.
    func bytes() throws -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = pread(descriptor, &piece, piece.count, off_t(all.count))
            if count == 0 { return all }
            if count > 0 {
                all += piece[..<count]
            } else if errno != EINTR {
                throw FileFault.last
            }
        }
    }

    /// Cuts it off.
    func truncate(to count: Int) throws {
        guard ftruncate(descriptor, off_t(count)) == 0 else { throw FileFault.last }
    }

    /// Writes all of these.
    func put(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                throw FileFault.last
            }
        }
    }

    /// Returns when the disk has it.
    func sync() throws {
        guard fsync(descriptor) == 0 else { throw FileFault.last }
    }

    /// Returns when the disk has a file, or a folder's names.
    static func sync(_ path: String) throws {
        try OpenFile(path, O_RDONLY).sync()
    }

    /// Gives a file its name, in place of what has it, and returns when the disk knows.
    static func rename(_ path: String, to name: String) throws {
        guard renamed(path, name) == 0 else { throw FileFault.last }
        try sync(StorePlace.folder(of: name))
    }

    /// What a path leads to, however it is written; `nil` if nothing is there.
    static func identity(_ path: String) -> [UInt64]? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
    }
}

/// The system's call, which within the type above its own method hides.
private func renamed(_ path: String, _ name: String) -> Int32 { rename(path, name) }
