import SyncStore

/// Writes figures in Prometheus' text format, version 0.0.4.
///
/// Per metric a `HELP` and a `TYPE` line, then a line per set of labels, in a fixed order.
struct Exposition {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// One metric without labels.
    mutating func metric(_ name: String, _ type: String, _ help: String, _ value: some BinaryInteger) {
        head(name, type, help)
        text += "\(name) \(value)\n"
    }

    /// One metric with a line per value of its label.
    mutating func metric(
        _ name: String, _ type: String, _ help: String, by label: String, _ values: [String: Int]
    ) {
        head(name, type, help)
        for (value, count) in values.sorted(by: { $0.key < $1.key }) {
            text += "\(name){\(label)=\"\(Self.escaped(value))\"} \(count)\n"
        }
    }

    /// A histogram of durations, in seconds as is the custom.
    mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        head(name, "histogram", help)
        var below = 0
        for (bound, count) in zip(Histogram.bounds, histogram.buckets) {
            below += count
            text += "\(name)_bucket{le=\"\(Self.seconds(bound))\"} \(below)\n"
        }
        text += "\(name)_bucket{le=\"+Inf\"} \(histogram.count)\n"
        text += "\(name)_sum \(Self.seconds(histogram.sum))\n"
        text += "\(name)_count \(histogram.count)\n"
    }

    private mutating func head(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private static func seconds(_ microseconds: Int64) -> String {
        "\(Double(microseconds) / 1_000_000)"
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for character in value {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
