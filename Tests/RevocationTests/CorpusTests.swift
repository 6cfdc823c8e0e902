import Glibc
import Testing

@testable import Revocation

/// The seeds of the fuzz targets, and whatever a fuzzer once found, read again by every test run.
@Suite("The fuzzers' corpus of CRLs")
struct CorpusTests {
    @Test(
        "Every seed is read, or refused for the reason in its name",
        arguments: [
            "empty", "entries", "reasons", "delta", "scope", "freshest", "indirect",
        ])
    func seed(name: String) throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let bytes = try #require(contents(of: "/\(root)/Fuzz/Corpus/revocation-list/\(name).der"))
        guard name != "indirect" else {
            #expect(throws: CRLError.self) { try CertificateRevocationList(der: bytes, maximumSize: 1 << 20) }
            return
        }
        let list = try CertificateRevocationList(der: bytes, maximumSize: 1 << 20)
        #expect(list.isDelta == (name == "delta"))
    }

    private func contents(of path: String) -> [UInt8]? {
        guard let file = unsafe fopen(path, "rb") else { return nil }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }
}
