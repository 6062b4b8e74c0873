import Foundation
import FuzzTargets

/// What libFuzzer calls with each input. It is built by `scripts/soak fuzz` alone: the fuzzer brings the program's
/// beginning, and its build instruments every module.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try chosen.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
        FileHandle.standardError.write(Data("broken: \(error)\n".utf8))
        // The fuzzer keeps the input that led here.
        abort()
    }
    return 0
}

/// The target is chosen by the environment, because the arguments are the fuzzer's.
private let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        FileHandle.standardError.write(Data("FUZZ_TARGET must be wire, import or merge\n".utf8))
        exit(64)
    }
    return target
}()
