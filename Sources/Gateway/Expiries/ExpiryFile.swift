internal import DER

/// What is kept of the surveillance in the state directory: the callers seen, and the warnings given.
///
/// A line for each, its fields parted by tabs: `caller` and `given`; the first names the form, the last says how many
/// there are between, so that a file that was cut is known.
struct ExpiryFile: Sendable {
    var callers: [SeenCaller]
    var given: [String: ExpiryWarnings.Given]

    /// Its name in the state directory.
    static let name = "expiries"
    private static let head = "poterne-expiries 1"

    init(callers: [SeenCaller] = [], given: [String: ExpiryWarnings.Given] = [:]) {
        self.callers = callers
        self.given = given
    }

    /// What is wrong with a file.
    enum Fault: Error, Equatable, CustomStringConvertible {
        case notOfThisForm
        case cut
        case line(Int)

        var description: String {
            switch self {
            case .notOfThisForm: "it is not of the form \(ExpiryFile.head)"
            case .cut: "it is not whole"
            case .line(let number): "line \(number) is not understood"
            }
        }
    }

    /// Reads the file's bytes, which are believed no more than what a peer sends.
    init(_ bytes: [UInt8]) throws(Fault) {
        callers = []
        given = [:]
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard lines.first == ExpiryFile.head else { throw .notOfThisForm }
        // Behind the last line feed stands nothing.
        guard lines.count >= 3, lines.last == "", lines[lines.count - 2] == "end \(lines.count - 3)" else { throw .cut }
        for (index, line) in lines.enumerated().dropFirst().dropLast(2) {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { ExpiryFile.unescape($0) }
            if fields.first == "caller", let caller = SeenCaller(fields: Array(fields.dropFirst())) {
                callers.append(caller)
            } else if fields.first == "given", fields.count == 4, let step = Int(fields[1]).flatMap(ExpiryStep.init),
                let ends = Int64(fields[2])
            {
                given[fields[3]] = ExpiryWarnings.Given(step: step, ends: Timestamp(secondsSinceEpoch: ends))
            } else {
                throw .line(index + 1)
            }
        }
    }

    /// The file's bytes.
    var bytes: [UInt8] {
        var lines = callers.map { ["caller"] + $0.fields }
        lines += given.sorted { $0.key < $1.key }.map { name, given in
            ["given", "\(given.step.rawValue)", "\(given.ends.secondsSinceEpoch)", name]
        }
        var text = ExpiryFile.head + "\n"
        for line in lines { text += line.map(ExpiryFile.escape).joined(separator: "\t") + "\n" }
        text += "end \(lines.count)\n"
        return Array(text.utf8)
    }

    private static func escape(_ field: String) -> String {
        var text = ""
        for scalar in field.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\t": text += "\\t"
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func unescape(_ field: Substring) -> String {
        var text = ""
        var scalars = field.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "\\" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            switch scalars.next() {
            case "t"?: text += "\t"
            case "n"?: text += "\n"
            case let other?: text.unicodeScalars.append(other)
            case nil: break
            }
        }
        return text
    }
}
