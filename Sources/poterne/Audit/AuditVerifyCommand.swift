import ArgumentParser
import Foundation
import Observability

/// `poterne audit verify`: whether the chain of an audit log is whole.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Tell whether lines of a chained audit log were altered, removed, added or moved.",
        discussion: """
            Follows the digests of an audit log written with `logging.audit.chain: true`, through all files given, the \
            oldest first. Where FILE.chain stands beside the last file, the digest noted in it must be there too: it \
            shows that the last lines were taken away. The first line that breaks the chain is named; what follows it is \
            not looked at.

            A chain has no key: whoever may write the files and the note can make another one. Write the last digest, \
            which is printed, somewhere else from time to time, and give it with --head.

            JSON: {"result" ("whole", "broken"), "lines", "begins_after", "ends_with", "file", "line", "fault"}; \
            begins_after is null when the first line does not say what it follows; file, line and fault ("unchained", \
            "broken", "cutOff", "tooLong", "missing", "empty") are null when the chain is whole, line is null for \
            "missing" and "empty".

            Exit codes: 0 when the chain is whole, 1 when it is broken or there is no line, 2 when a file cannot be read.

            Examples:
              poterne audit verify /var/log/poterne/audit.log
              poterne audit verify audit.log.2 audit.log.1 audit.log
              poterne audit verify --head 5f70bf18a0860…a2dbc audit.log
            """)

    @Option(name: .long, help: ArgumentHelp("A digest that a line must have. May be given again.", valueName: "digest"))
    var head: [String] = []

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    @Argument(help: ArgumentHelp("The files, the oldest first.", valueName: "file"))
    var files: [String]

    func run() throws {
        do {
            let report = try AuditChainReport(files: files, heads: head)
            print(json ? report.json.text() : report.text)
            if report.fault != nil { throw ExitCode(1) }
        } catch let error as UnusableInput {
            StandardError.write("poterne audit verify: \(error)")
            throw ExitCode(2)
        }
    }
}

/// What following the chain came to.
struct AuditChainReport {
    /// What is wrong, and where.
    struct Fault {
        let file: String
        /// Nil when no line is to blame: what is missing is at the end.
        let line: Int?
        let name: String
        let sentence: String
    }

    private static let emptyName = "empty"

    private(set) var lines = 0
    private(set) var fault: Fault?
    private(set) var check: AuditChainCheck
    private let files: [String]

    /// Reads the files.
    init(files: [String], heads: [String]) throws {
        self.files = files
        for head in heads where head.utf8.count != 64 || !head.allSatisfy(\.isHexDigit) {
            throw UnusableInput("--head \(head) is not a digest of 64 hexadecimal digits")
        }
        // Read before the log is: a gateway that writes meanwhile only adds lines.
        let note = files.last.flatMap { try? String(contentsOfFile: "\($0).chain", encoding: .utf8) }
        let noted = note.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        check = AuditChainCheck(wanted: heads + [noted].compactMap(\.self))
        for file in files where fault == nil { try follow(file) }
        if fault == nil, let digest = check.missingDigests.first {
            let isNote = digest == noted
            fault = Fault(
                file: isNote ? "\(files.last ?? "").chain" : "--head", line: nil, name: "missing",
                sentence: "no line has the digest \(digest): the last lines were taken away, or all of them replaced")
        }
        if fault == nil, lines == 0 {
            fault = Fault(
                file: files.last ?? "", line: nil, name: Self.emptyName, sentence: "empty: there is nothing to verify")
        }
    }

    private mutating func follow(_ file: String) throws {
        guard let handle = FileHandle(forReadingAtPath: file) else { throw UnusableInput("cannot read \(file)") }
        defer { try? handle.close() }
        check.beginFile()
        do {
            while let data = try handle.read(upToCount: 256 * 1024), !data.isEmpty {
                let bytes = [UInt8](data)
                try check.take(bytes.span)
            }
            try check.endFile()
        } catch let broken as AuditChainCheck.Break {
            fault = Fault(
                file: file, line: broken.line, name: broken.fault.rawValue, sentence: broken.fault.sentence)
        } catch {
            throw UnusableInput("cannot read \(file): \(error.localizedDescription)")
        }
        lines += check.lines
    }

    /// For people.
    var text: String {
        if let fault {
            let place = fault.line.map { "\(fault.file):\($0)" } ?? fault.file
            guard fault.name != Self.emptyName else { return "\(place.printable): \(fault.sentence)" }
            return "\(place.printable): the chain is broken: \(fault.sentence)"
        }
        let start =
            check.beginning.map { "goes on after \($0)" }
            ?? "begins in the middle of a chain: its first line is taken as it stands"
        return """
            whole: \(lines) \(lines == 1 ? "line" : "lines") in \(files.count == 1 ? "1 file" : "\(files.count) files")
              \(start)
              ends with \(check.end ?? "nothing")
            """
    }

    /// For scripts.
    var json: JSONText {
        .object([
            ("result", .string(fault == nil ? "whole" : "broken")),
            ("lines", .number(lines)),
            ("begins_after", check.beginning.map(JSONText.string) ?? .null),
            ("ends_with", check.end.map(JSONText.string) ?? .null),
            ("file", fault.map { .string($0.file) } ?? .null),
            ("line", fault?.line.map { .number($0) } ?? .null),
            ("fault", fault.map { .string($0.name) } ?? .null),
        ])
    }
}

extension AuditChainCheck.Fault {
    fileprivate var sentence: String {
        switch self {
        case .unchained: "the line has no digest: it was cut off, or is none of a chained log"
        case .broken:
            "the line does not follow the one before it: it was altered or added, or lines between them are gone"
        case .cutOff: "the last line has no end"
        case .tooLong: "the line is longer than any that is written"
        }
    }
}
