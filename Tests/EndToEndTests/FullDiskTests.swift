import Foundation
import Testing

/// A disk without room, and a folder that may only be read. Both are made in a namespace of the test's own, where that
/// is allowed: a user of no special rights may do it on most machines, and nothing is left mounted.
@Suite(
    .enabled("this machine lets nobody mount in a namespace of their own") {
        let script = "mkdir disk && mount -t tmpfs -o size=64k tmpfs disk"
        let outcome = try await ProcessRunner().run("unshare", ["-Urm", "sh", "-c", script])
        return outcome.exit == .code(0)
    })
struct FullDiskTests {
    /// Runs a shell script in the namespace. `p VERB` is `porchlight` with the replica `$file`; `say` writes down
    /// the exit code of what follows it.
    private func run(_ agency: Agency, _ script: String) async throws -> [String] {
        let prologue = """
            p() { '\(try Products.path(of: "porchlight"))' "$@" --replica "$file"; }
            say() { "$@" > said.out 2> said.err; echo $?; cat said.err; }
            rows() { sqlite3 "$file" 'SELECT count(*) FROM check_in'; }

            """
        let outcome = try await agency.runner.run("unshare", ["-Urm", "sh", "-c", prologue + script])
        try #require(outcome.exit == .code(0), "\(outcome)")
        return outcome.output.components(separatedBy: "\n--\n").map(\.trimmed)
    }

    /// A laptop with two entries that wait, its file whole on the disk.
    private func laptop(_ agency: Agency) async throws -> Laptop {
        let rosa = try await agency.laptop(of: "PS07")
        try await rosa.done("checkin", "add", "P0001", "walked", "--at", "yesterday 09:00")
        try await rosa.done("checkin", "add", "P0003", "talked", "--at", "yesterday 11:00")
        _ = try await rosa.query("PRAGMA wal_checkpoint(TRUNCATE)")
        return rosa
    }

    @Test func `a full disk takes nothing more and loses nothing`() async throws {
        let agency = try await Agency()
        let rosa = try await laptop(agency)
        let parts = try await run(
            agency,
            """
            mkdir disk && mount -t tmpfs -o size=4m tmpfs disk && cp \(rosa.file) disk/ || exit 9
            file=disk/\(rosa.file)
            dd if=/dev/zero of=disk/filler bs=4096 2> /dev/null
            say p checkin add P0001 'no room at all' --yes; echo --
            say p status > looked
            truncate -s -300K disk/filler
            long=$(head -c 12000 /dev/zero | tr '\\0' x)
            added=0
            while [ $added -lt 60 ] && p checkin add P0001 "$long" --yes > /dev/null 2>&1
            do added=$((added + 1)); done
            echo $added; echo --
            say p checkin add P0001 "$long" --yes --json; echo --
            say p sync; echo --
            rows; echo --
            rm disk/filler
            rows; echo --
            say p doctor; echo --
            say p checkin add P0001 "$long" --yes; echo --
            rows; echo --
            say p sync; echo --
            p status --json; echo --
            cat looked
            """)
        try #require(parts.count == 12, "\(parts)")
        for failed in [parts[0], parts[3]] {
            #expect(failed.hasPrefix("75\nerror: the disk is full\n"), "\(failed)")
            #expect(failed.contains("\ntry:   make room"), "\(failed)")
        }
        // Not even looked at can it be; that is said, and that nothing has come to harm.
        #expect(parts[11].hasPrefix("75\nerror: the disk is full\n"), "\(parts[11])")
        #expect(parts[11].contains("only looks") && parts[11].contains("is safe"), "\(parts[11])")
        let added = try #require(Int(parts[1]))
        #expect((1..<60).contains(added))
        let lines = parts[2].split(separator: "\n", maxSplits: 1)
        #expect(lines[0] == "75")
        #expect(try JSONTree(String(lines[1]))["error"]["code"].text == "disk_full")
        #expect(parts[4] == "\(added + 2)")
        #expect(parts[5] == "\(added + 2)")
        #expect(parts[6] == "0")
        #expect(parts[7] == "0")
        #expect(parts[8] == "\(added + 3)")
        #expect(parts[9].hasPrefix("0"))
        #expect(try JSONTree(parts[10])["waiting"].whole == 0)
        let onServer = "SELECT count(*) FROM record WHERE \"table\" = 'check_in'"
        #expect(try await agency.query(onServer) == "\(added + 3)")
    }

    @Test func `a folder that may only be read is left as it is`() async throws {
        let agency = try await Agency()
        let rosa = try await laptop(agency)
        let before = try Data(contentsOf: URL(filePath: rosa.path))
        let parts = try await run(
            agency,
            """
            mkdir safe && cp \(rosa.file) safe/ && mount --bind safe safe && mount -o remount,ro,bind safe || exit 9
            file=safe/\(rosa.file)
            say p checkin add P0001 'not to be written' --yes; echo --
            say p checkin add P0001 'not to be written' --yes --json; echo --
            say p sync; echo --
            say p undo --yes; echo --
            ls safe
            """)
        try #require(parts.count == 5, "\(parts)")
        for failed in [parts[0], parts[2], parts[3]] {
            #expect(failed.hasPrefix("77\nerror: "), "\(failed)")
            #expect(failed.contains("\ntry:   check that its folder exists and may be written"), "\(failed)")
        }
        #expect(try JSONTree(String(parts[1].dropFirst(3)))["error"]["code"].text == "read_only")
        #expect(parts[4] == rosa.file)
        let kept = try agency.folder("safe").appending(path: rosa.file)
        #expect(try Data(contentsOf: kept) == before)
    }

    @Test func `a server whose folder may only be read does not serve, and says why`() async throws {
        let agency = try await Agency()
        try await agency.stop()
        let before = try Data(contentsOf: agency.folder("server").appending(path: "porchlight.sqlite"))
        let server = "'\(try Products.path(of: "porchlightd"))'"
        let parts = try await run(
            agency,
            """
            mkdir safe && cp -r server safe/ && mount --bind safe safe && mount -o remount,ro,bind safe || exit 9
            say \(server) serve --data safe/server --plain-http --port 0; echo --
            say \(server) serve --data safe/server --plain-http --port 0 --json; echo --
            say \(server) invite PS07 --data safe/server; echo --
            say \(server) backup --to safe/copy --data server; echo --
            ls safe; echo --
            """)
        try #require(parts.count == 6, "\(parts)")
        for failed in [parts[0], parts[2], parts[3]] {
            #expect(failed.hasPrefix("77\nerror: "), "\(failed)")
            #expect(failed.contains("\ntry:   check who owns"), "\(failed)")
        }
        #expect(try JSONTree(String(parts[1].dropFirst(3)))["error"]["code"].text == "read_only")
        #expect(parts[4] == "server")
        let kept = try agency.folder("safe/server").appending(path: "porchlight.sqlite")
        #expect(try Data(contentsOf: kept) == before)
    }

    @Test func `a server whose disk is full takes nothing and says so`() async throws {
        let agency = try await Agency()
        let rosa = try await laptop(agency)
        try await agency.stop()
        let program = "'\(try Products.path(of: "porchlightd"))'"
        let server = "\(program) serve --data disk/server --plain-http"
        let parts = try await run(
            agency,
            """
            mkdir disk && mount -t tmpfs -o size=8m tmpfs disk && cp -r server disk/ || exit 9
            file=\(rosa.file)
            long=$(head -c 16000 /dev/zero | tr '\\0' x)
            for n in 1 2 3 4 5 6 7 8; do p checkin add P0001 "$n $long" --yes > /dev/null || exit 8; done
            \(server) --port \(agency.port) --ready-file disk/ready > /dev/null 2> server.log & server=$!
            while [ ! -s disk/ready ]; do kill -0 $server || exit 7; done
            dd if=/dev/zero of=disk/filler bs=4096 2> /dev/null
            say p sync --json; echo --
            p status --json; echo --
            rm disk/filler
            say p sync; echo --
            p status --json; echo --
            kill $server; wait $server
            dd if=/dev/zero of=disk/filler bs=4096 2> /dev/null
            say \(program) device retire LT-2 --data disk/server; echo --
            rm disk/filler
            say \(program) device retire LT-2 --data disk/server; echo --
            sqlite3 disk/server/porchlight.sqlite "SELECT count(*) FROM change WHERE outcome = 2"
            """)
        try #require(parts.count == 7, "\(parts)")
        let lines = parts[0].split(separator: "\n", maxSplits: 1)
        #expect(["69", "75"].contains(lines[0]), "\(parts[0])")
        let code = try JSONTree(String(lines[1]))["error"]["code"].text
        #expect(["server_fault", "unavailable"].contains(code), "\(parts[0])")
        #expect(try JSONTree(parts[1])["waiting"].whole == 10)
        #expect(parts[2].hasPrefix("0"))
        #expect(try JSONTree(parts[3])["waiting"].whole == 0)
        #expect(parts[4].hasPrefix("75\nerror: the server's disk is full\n"), "\(parts[4])")
        #expect(parts[4].contains("LT-2 does not count as retired"), "\(parts[4])")
        #expect(parts[5] == "0" && parts[6] == "0", "\(parts[5])")
    }

    @Test func `a backup that finds no room leaves the one there was, and nothing else`() async throws {
        let agency = try await Agency()
        let server = "'\(try Products.path(of: "porchlightd"))'"
        let parts = try await run(
            agency,
            """
            mkdir disk && mount -t tmpfs -o size=1m tmpfs disk || exit 9
            say \(server) backup --to disk/one --data server; echo --
            cp disk/one before
            dd if=/dev/zero of=disk/filler bs=4096 2> /dev/null
            say \(server) backup --to disk/one --force --data server --json; echo --
            cmp disk/one before && ls disk; echo --
            say \(server) backup --to disk/two --data server; echo --
            rm disk/filler
            say \(server) backup --to disk/one --force --data server; echo --
            mkdir -p disk/new && dd if=/dev/zero of=disk/filler bs=4096 2> /dev/null
            say \(server) restore before --data disk/new; echo --
            ls disk/new; echo --
            """)
        try #require(parts.count == 8, "\(parts)")
        #expect(parts[0] == "0")
        let lines = parts[1].split(separator: "\n", maxSplits: 1)
        #expect(lines[0] == "75")
        #expect(try JSONTree(String(lines[1]))["error"]["code"].text == "disk_full")
        #expect(parts[2] == "filler\none")
        #expect(parts[3].hasPrefix("75\nerror: the disk is full\n"), "\(parts[3])")
        #expect(parts[4] == "0")
        #expect(parts[5].hasPrefix("75\nerror: the disk is full\n"), "\(parts[5])")
        #expect(!parts[6].contains("sqlite") && !parts[6].contains("restoring"))
    }
}
