/// Dates and instants as the visible tables show them, written without Foundation because every pulled row
/// passes here.
enum CivilText {
    /// `YYYY-MM-DD`, 10 octets; a year beyond four digits is cut to the nearest that fits.
    static func date(_ days: Int64, into buffer: UnsafeMutablePointer<UInt8>) -> Int {
        let (year, month, day) = civil(min(max(days, -719_528), 2_932_896))
        digits(year, 4, buffer)
        buffer[4] = UInt8(ascii: "-")
        digits(month, 2, buffer + 5)
        buffer[7] = UInt8(ascii: "-")
        digits(day, 2, buffer + 8)
        return 10
    }

    /// `YYYY-MM-DDThh:mm:ssZ`, 20 octets.
    static func instant(_ seconds: Int64, into buffer: UnsafeMutablePointer<UInt8>) -> Int {
        let bounded = min(max(seconds, -719_528 * 86_400), 2_932_896 * 86_400 + 86_399)
        let days = bounded >= 0 ? bounded / 86_400 : (bounded - 86_399) / 86_400
        let rest = bounded - days * 86_400
        _ = date(days, into: buffer)
        buffer[10] = UInt8(ascii: "T")
        digits(rest / 3_600, 2, buffer + 11)
        buffer[13] = UInt8(ascii: ":")
        digits(rest / 60 % 60, 2, buffer + 14)
        buffer[16] = UInt8(ascii: ":")
        digits(rest % 60, 2, buffer + 17)
        buffer[19] = UInt8(ascii: "Z")
        return 20
    }

    /// The hyphenated form of an identifier, 36 octets.
    static func identifier(_ high: UInt64, _ low: UInt64, into buffer: UnsafeMutablePointer<UInt8>) -> Int {
        var position = 0
        for nibble in 0..<32 {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                buffer[position] = UInt8(ascii: "-")
                position += 1
            }
            let word = nibble < 16 ? high : low
            let value = UInt8(truncatingIfNeeded: word >> (60 - 4 * UInt64(nibble & 15))) & 15
            buffer[position] = value < 10 ? 48 + value : 87 + value
            position += 1
        }
        return 36
    }

    /// The same texts as strings, for what is not done a hundred thousand times.
    static func text(_ write: (UnsafeMutablePointer<UInt8>) -> Int) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 40) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            return String(decoding: UnsafeBufferPointer(start: start, count: write(start)), as: UTF8.self)
        }
    }

    /// Days since 1970 to a proleptic Gregorian date, after Hinnant's `civil_from_days`.
    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func digits(_ number: Int64, _ count: Int, _ buffer: UnsafeMutablePointer<UInt8>) {
        var rest = number
        for place in stride(from: count - 1, through: 0, by: -1) {
            buffer[place] = 48 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
