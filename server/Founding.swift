import PeerSupport
import SyncModel
import SyncStore

/// The record with which an agency begins: without an administrator nobody could add the others.
enum Founding {
    /// The first administrator's directory record.
    static func administrator(code: String, name: String) -> [FoundingRecord] {
        guard let table = PeerSupportSchema.schema.table("staff") else { return [] }
        let known: [String: Value] = [
            "code": .text(code), "name": .text(name), "role": .text(Role.administrator.rawValue),
        ]
        let writes = table.registers.compactMap { register -> RegisterWrite? in
            guard register.fields.contains(where: { known[$0.name] != nil }) else { return nil }
            return RegisterWrite(register.name, register.fields.map { known[$0.name] ?? .none })
        }
        return [
            FoundingRecord(
                id: NaturalKey.id(table: table.name, key: code), table: table.name, writes: writes)
        ]
    }
}
