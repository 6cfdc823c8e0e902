import Glibc
import Testing

@testable import X509

/// The seeds of the fuzz targets, and whatever a fuzzer once found, read again by every test run.
@Suite("The fuzzers' corpus of certificates")
struct CorpusTests {
    @Test("Every seed is a certificate that is read", arguments: Corpus.files(in: "certificate"))
    func seed(path: String) throws {
        let bytes = try #require(Corpus.contents(of: path))
        let certificate = try Certificate(der: bytes)
        #expect(certificate.der == bytes)
    }
}

enum Corpus {
    static func files(in folder: String) -> [String] {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(root)/Fuzz/Corpus/\(folder)"
        guard let directory = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(directory) }
        var files: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { buffer in
                unsafe String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { files.append("\(path)/\(name)") }
        }
        return files.sorted()
    }

    static func contents(of path: String) -> [UInt8]? {
        guard let file = unsafe fopen(path, "rb") else { return nil }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }
}
