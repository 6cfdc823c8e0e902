/// A place in the configuration file, for messages that come later than parsing (a file that is not there, a
/// certificate that does not match) as much as for parsing itself.
public struct SourceLocation: Hashable, Sendable {
    /// Line, counted from 1.
    public let line: Int

    /// Column in Unicode scalars, counted from 1.
    public let column: Int

    /// How many scalars from there a message is about; at least 1.
    public let length: Int

    /// The start of the file, for what is missing altogether.
    public static let start = SourceLocation(line: 1, column: 1, length: 1)

    /// Makes a location of counted line and column.
    public init(line: Int, column: Int, length: Int = 1) {
        self.line = max(1, line)
        self.column = max(1, column)
        self.length = max(1, length)
    }
}

extension SourceLocation: CustomStringConvertible {
    /// `line:column`.
    public var description: String { "\(line):\(column)" }
}
