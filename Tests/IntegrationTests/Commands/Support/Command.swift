import Foundation
import Testing

/// A command of `poterne`, run to its end.
struct Command {
    let exitCode: Int32?
    let text: String
    let errors: String

    init(_ arguments: [String]) throws {
        let result = try run(Product.path, arguments)
        exitCode = result.exitCode
        text = result.text
        errors = result.errors
    }

    init(_ arguments: String...) throws {
        try self.init(arguments)
    }

    /// What it printed, read as a JSON object.
    func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// The objects of a member that is a list.
    func objects(_ member: String) throws -> [[String: Any]] {
        try #require(try object()[member] as? [[String: Any]])
    }
}

/// The real certificates and CRLs of IGC-Santé, read in place where `POTERNE_IGC_SANTE` says, or beside the package.
enum RealFiles {
    static let folder = ProcessInfo.processInfo.environment["POTERNE_IGC_SANTE"] ?? "../shared/igc-sante"

    static var arePresent: Bool { FileManager.default.isReadableFile(atPath: "\(folder)/ca/ACR-EL.pem") }
}
