import Foundation

/// A JSON document that a command printed. What is not there is `null`.
indirect enum JSONTree: Decodable, Equatable {
    case null
    case flag(Bool)
    case number(Double)
    case string(String)
    case list([JSONTree])
    case object([String: JSONTree])

    init(_ text: String) throws {
        self = try JSONDecoder().decode(JSONTree.self, from: Data(text.utf8))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let list = try? container.decode([JSONTree].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }

    subscript(key: String) -> JSONTree {
        guard case .object(let members) = self else { return .null }
        return members[key] ?? .null
    }

    subscript(place: Int) -> JSONTree {
        list.indices.contains(place) ? list[place] : .null
    }

    var list: [JSONTree] { if case .list(let all) = self { all } else { [] } }
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
    var whole: Int? { if case .number(let number) = self { Int(exactly: number) } else { nil } }
}
