import DER
import Foundation
import TestPKI

/// The made-up IGC-Santé that most tests call with: what `poterne testpki` makes, with smaller keys for the CAs.
enum TestCertificates {
    /// Where it is.
    ///
    /// Made when it is first asked for; kept beside the binary for the next run while it is fresh.
    static let folder: String = {
        let product = URL(fileURLWithPath: Product.path).deletingLastPathComponent()
        let folder = product.appendingPathComponent("test-certificates").path
        if let fresh = TestPKI.freshUntil(folder: folder), fresh > Timestamp.now().adding(seconds: 3_600),
            isNewer(folder, than: Product.path)
        {
            return folder
        }
        var options = TestPKI.Options(folder: folder, now: .now())
        options.authorityKeyBits = 2_048
        options.callerCount = 200
        do {
            try TestPKI.generate(options)
        } catch {
            FileHandle.standardError.write(Data("no test PKI: \(error)\n".utf8))
        }
        return folder
    }()

    /// Whether it was made after the program that makes it.
    private static func isNewer(_ folder: String, than file: String) -> Bool {
        func time(_ path: String) -> Date? {
            (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
        }
        guard let made = time("\(folder)/poterne.yaml"), let built = time(file) else { return false }
        return made > built
    }
}
