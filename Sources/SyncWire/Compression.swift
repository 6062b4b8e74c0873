import CZstd

/// zstd, with a bound on what a body may grow to.
public enum Compression {
    /// The level of everything compressed here: beyond it, time grows faster than size shrinks.
    public static let level: Int32 = 3

    /// Compresses a body, as one frame.
    public static func compress(_ bytes: [UInt8]) throws(WireError) -> [UInt8] {
        var failed = false
        let compressed = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) {
            buffer, count in
            let size = bytes.withUnsafeBytes { source in
                ZSTD_compress(
                    buffer.baseAddress, buffer.count, source.baseAddress, source.count, level)
            }
            failed = ZSTD_isError(size) != 0
            count = failed ? 0 : size
        }
        if failed { throw .malformed("the body could not be compressed") }
        return compressed
    }

    /// Decompresses a body of at most `limit` bytes.
    ///
    /// The size is counted as bytes come out; what the frame's header promises is not believed, and no
    /// window above 8 MiB is allocated.
    ///
    /// - Throws: ``WireError/tooLarge(_:)`` as soon as the limit is passed, ``WireError/cutShort`` when the
    ///   last frame is incomplete, ``WireError/malformed(_:)`` when it is not zstd.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws(WireError) -> [UInt8] {
        guard let stream = ZSTD_createDStream() else {
            throw .tooLarge("there is no memory to decompress in")
        }
        defer { ZSTD_freeDStream(stream) }
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 23)
        var output: [UInt8] = []
        output.reserveCapacity(min(limit, 4 * bytes.count))
        var chunk = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
        var consumed = 0
        while true {
            let step = decompress(bytes, from: &consumed, into: &chunk, stream)
            if ZSTD_isError(step.rest) != 0 {
                throw .malformed("the body is not zstd, or is damaged")
            }
            guard output.count + step.produced <= limit else {
                throw .tooLarge("the body after decompression")
            }
            output.append(contentsOf: chunk[..<step.produced])
            guard consumed == bytes.count else { continue }
            // Zero means that the frame is complete, unless there was no frame at all. A full chunk may
            // have more behind it.
            if step.rest == 0, !bytes.isEmpty { return output }
            if step.produced < chunk.count { throw .cutShort }
        }
    }

    private static func decompress(
        _ bytes: [UInt8], from consumed: inout Int, into chunk: inout [UInt8], _ stream: OpaquePointer
    ) -> (produced: Int, rest: Int) {
        bytes.withUnsafeBytes { source in
            chunk.withUnsafeMutableBytes { target in
                var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: consumed)
                var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                let rest = ZSTD_decompressStream(stream, &output, &input)
                consumed = input.pos
                return (output.pos, rest)
            }
        }
    }
}
