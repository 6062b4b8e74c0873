import ArgumentParser
import Foundation
import Logging

/// How log lines are written.
enum LogForm: String, ExpressibleByArgument, CaseIterable {
    /// `time level message key=value …`
    case text
    /// One JSON object per line.
    case json
}

/// Writes log lines to standard error, each whole and at once.
struct LineLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    private let form: LogForm

    init(_ form: LogForm) {
        self.form = form
    }

    /// A logger that writes in this form.
    static func logger(_ form: LogForm) -> Logger {
        Logger(label: "porchlightd") { _ in LineLog(form) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
            .map { (key: $0.key, value: "\($0.value)") }.sorted { $0.key < $1.key }
        let time = written(microseconds: now())
        let line =
            switch form {
            case .text: Self.text(time, event.level, "\(event.message)", fields)
            case .json: Self.json(time, event.level, "\(event.message)", fields)
            }
        FileHandle.standardError.write(Data(line.utf8))
    }

    /// `key=value`, quoted where the value is not one plain word.
    static func text(
        _ time: String, _ level: Logger.Level, _ message: String, _ fields: [(key: String, value: String)]
    ) -> String {
        let pairs = fields.map { field in
            let isWord =
                !field.value.isEmpty && field.value.allSatisfy { !$0.isWhitespace && $0 != "\"" && $0 != "=" }
            return "\(field.key)=\(isWord ? field.value : quoted(field.value))"
        }
        return (["\(time) \(level.rawValue) \(oneLine(message))"] + pairs).joined(separator: " ") + "\n"
    }

    /// The same as an object; all values are texts, but for those that are whole numbers.
    static func json(
        _ time: String, _ level: Logger.Level, _ message: String, _ fields: [(key: String, value: String)]
    ) -> String {
        var pairs = ["\"time\":\(quoted(time))", "\"level\":\(quoted(level.rawValue))"]
        pairs.append("\"message\":\(quoted(message))")
        pairs += fields.map { "\(quoted($0.key)):\(Int64($0.value).map(String.init) ?? quoted($0.value))" }
        return "{\(pairs.joined(separator: ","))}\n"
    }

    private static func oneLine(_ text: String) -> String {
        text.replacing(/[\r\n]+/, with: " ")
    }

    /// A JSON string, which also serves in text.
    private static func quoted(_ text: String) -> String {
        (try? Output.json(text)).map { String($0.dropLast()) } ?? "\"\""
    }
}
