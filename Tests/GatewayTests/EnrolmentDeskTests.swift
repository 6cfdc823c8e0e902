import Foundation
import Testing

@testable import Configuration
@testable import Gateway

@Suite("The desk of enrolment lists")
struct EnrolmentDeskTests {
    private let folder: URL
    private let desk = EnrolmentDesk()

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "poterne-desk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private var path: String { folder.appending(path: "callers.csv").path }

    private func reference() -> FileReference { FileReference(path: path, location: .start) }

    private func write(_ text: String, inPlace: Bool = false) throws {
        let data = Data("structure,name\n\(text)".utf8)
        guard inPlace else {
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
            return
        }
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: data)
        try handle.close()
    }

    @Test("takes a file that was renamed over the old one at the first look")
    func renamed() throws {
        try write("1,a\n")
        #expect(try desk.table(of: reference()).count == 1)
        #expect(desk.refresh() == [])
        try write("1,a\n1,b\n")
        #expect(desk.refresh() == [.taken(file: path, callers: 2)])
        #expect(desk.refresh() == [])
        #expect(desk.tables(of: [path]).map(\.count) == [2])
    }

    @Test("takes a file that is written in place once it has rested between two looks")
    func writtenInPlace() throws {
        try write("1,a\n")
        _ = try desk.table(of: reference())
        try write("1,a\n1,b\n", inPlace: true)
        #expect(desk.refresh() == [])
        try write("1,a\n1,b\n1,c\n", inPlace: true)
        #expect(desk.refresh() == [])
        #expect(desk.refresh() == [.taken(file: path, callers: 3)])
    }

    @Test("keeps the last good list, and tells each bad state of the file once")
    func bad() throws {
        try write("1,a\n")
        _ = try desk.table(of: reference())
        try write("1\n")
        guard case .refused(let file, let reason)? = desk.refresh().first else {
            Issue.record("a bad list was not told")
            return
        }
        #expect(file == path)
        #expect(reason.contains("callers.csv:2:1"))
        #expect(desk.refresh() == [])
        #expect(desk.standings.map(\.isStale) == [true])
        #expect(desk.tables(of: [path]).map(\.count) == [1])
        try FileManager.default.removeItem(atPath: path)
        #expect(desk.refresh() == [.refused(file: path, reason: "the file is not there")])
        #expect(desk.refresh() == [])
        try write("1,a\n1,b\n")
        #expect(desk.refresh() == [.taken(file: path, callers: 2)])
        #expect(desk.standings.map(\.isStale) == [false])
    }

    @Test("knows a subject by its octets, not by how it looks")
    func subjectOctets() {
        let entry = EnrolmentEntry(identity: .subject("CN=caf\u{E9},C=FR"), clientID: nil, location: .start)
        let table = EnrolmentTable(EnrolmentList(file: "x.yaml", format: .yaml, entries: [entry]))
        #expect("CN=caf\u{E9},C=FR" == "CN=cafe\u{301},C=FR")
        #expect(table.entry(ofSubject: "CN=caf\u{E9},C=FR")?.line == SourceLocation.start.line)
        #expect(table.entry(ofSubject: "CN=cafe\u{301},C=FR") == nil)
    }

    @Test("writes lines that a list takes", arguments: [EnrolmentList.Format.yaml, .csv])
    func lines(_ format: EnrolmentList.Format) throws {
        let line = EnrolmentLine.text([("structure", "1\"2"), ("name", "a, \\b: é")], format)
        let text = format == .csv ? "structure,name,client_id\n\(line)" : line
        let list = try EnrolmentList.parse(text, file: format == .csv ? "x.csv" : "x.yaml")
        #expect(list.entries.map(\.identity) == [.client(structure: "1\"2", name: "a, \\b: é")])
    }
}
