/// Keys and values of the configuration whose feature a version does not have.
///
/// They are read and checked like every other, and refused by name: nothing that is written is ever ignored. When a
/// feature lands, its line goes away, and that is all there is to do here.
struct UnsupportedKeys {
    /// Keys, by their path without list indices and names.
    let keys: Set<String>

    /// Values of keys that are supported with other values: `path = value`.
    let values: Set<String>

    /// What this version refuses.
    static let current = UnsupportedKeys(
        keys: [],
        values: [])

    /// A version that has everything: how the reading of what is not there yet is tested.
    static let none = UnsupportedKeys(keys: [], values: [])
}
