/// A file of the generated folder before it is written.
struct GeneratedFile: Sendable {
    /// Its path below the folder.
    let name: String
    let bytes: [UInt8]
    /// Whether only its owner may read it.
    let isSecret: Bool

    init(_ name: String, _ bytes: [UInt8], isSecret: Bool = false) {
        self.name = name
        self.bytes = bytes
        self.isSecret = isSecret
    }

    init(_ name: String, _ text: String, isSecret: Bool = false) {
        self.init(name, Array(text.utf8), isSecret: isSecret)
    }
}
