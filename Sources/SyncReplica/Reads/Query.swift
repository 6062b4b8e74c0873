public import SyncModel

/// A question to one visible table.
public struct Query: Hashable, Sendable {
    /// One thing that must hold of a row.
    public enum Condition: Hashable, Sendable {
        /// The field has this value.
        case equals(String, Value)
        /// The field has one of these values.
        case oneOf(String, [Value])
        /// The field has a value, and none of these.
        case noneOf(String, [Value])
        /// The id of the record ends so, digit for digit.
        case idEnds(String)
        /// The field has this value or a greater one.
        case atLeast(String, Value)
        /// The field has a smaller value.
        case below(String, Value)
        /// Nothing is known of the field.
        case isNone(String)
        /// Something is known of the field.
        case isSet(String)
        /// The field's text starts like this, letter for letter.
        case prefix(String, String)
        /// Some register of the record is in conflict.
        case inConflict
        /// The record has changes that no server has.
        case waiting
        /// The server had to correct the time of what stands in the record, because its writer's clock was off.
        case clockOff
    }

    /// One column to sort by.
    public struct Order: Hashable, Sendable {
        /// The field, or `id`.
        public var field: String
        /// From the greatest to the smallest.
        public var descending: Bool

        /// Makes an order.
        public init(_ field: String, descending: Bool = false) {
            self.field = field
            self.descending = descending
        }
    }

    /// The table.
    public var table: String
    /// What must hold, all of it.
    public var conditions: [Condition]
    /// The order; equal rows come by their ids.
    public var order: [Order]
    /// How many rows at the most.
    public var limit: Int?

    /// Makes a question.
    public init(
        _ table: String, where conditions: [Condition] = [], order: [Order] = [],
        limit: Int? = nil
    ) {
        self.table = table
        self.conditions = conditions
        self.order = order
        self.limit = limit
    }
}
