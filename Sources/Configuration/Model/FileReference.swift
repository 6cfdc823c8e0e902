/// A file or folder that the configuration names.
///
/// This module never opens it.
public struct FileReference: Hashable, Sendable {
    /// The path to open: as written when absolute, else below the folder of the configuration file.
    public let path: String

    /// Where it is named, for messages about what is found (or not) at the path.
    public let location: SourceLocation
}

extension FileReference: CustomStringConvertible {
    /// The path to open.
    public var description: String { path }
}
