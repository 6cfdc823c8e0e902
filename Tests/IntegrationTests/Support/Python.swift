import Foundation

/// Packages from PyPI that tests use as real peers, kept beside the binary for the next run.
enum Python {
    /// Where `websockets` is, for PYTHONPATH; nothing where it cannot be had.
    static let websockets = folder(of: "websockets", packages: ["websockets"])

    /// Where `jwt` is, with what it needs for elliptic curves.
    static let jwt = folder(of: "jwt", packages: ["PyJWT", "cryptography", "cffi", "pycparser"])

    /// Where gRPC is.
    static let grpc = folder(of: "grpc", packages: ["grpcio", "typing_extensions"])

    /// Where `h2` is, a codec of HTTP/2 that has nothing in common with the gateway's.
    static let h2 = folder(of: "h2", packages: ["h2", "hpack", "hyperframe"])

    /// Where OpenTelemetry's protocol is, as protobuf has it.
    static let openTelemetry = folder(of: "opentelemetry", packages: ["opentelemetry-proto", "protobuf"])

    /// Where `jsonschema` is, with what it needs.
    static let jsonschema = folder(
        of: "jsonschema",
        packages: [
            "jsonschema", "attrs", "jsonschema-specifications", "referencing", "rpds-py", "typing_extensions",
        ])

    private static func folder(of module: String, packages: [String]) -> String? {
        let path = URL(fileURLWithPath: Product.path).deletingLastPathComponent()
            .appendingPathComponent("test-python/\(module)").path
        if FileManager.default.fileExists(atPath: "\(path)/\(module)") { return path }
        let arguments = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", path] + packages
        return (try? run("python3", arguments, within: 100))?.exitCode == 0 ? path : nil
    }

    /// The path of a program in `Peers`.
    static func program(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Peers/\(name)").path
    }
}

/// A running server in Python, one of `Peers`: it prints its port first, and then what it has to tell.
final class PythonServer {
    let process: ChildProcess
    let port: UInt16
    private let folder: TestFolder

    /// Starts one, with packages from `PYTHONPATH`, and waits until it listens.
    init(_ program: String, packages: String, _ arguments: [String] = []) throws {
        folder = try TestFolder()
        process = try ChildProcess(
            "python3", ["-u", Python.program(program)] + arguments, output: folder["output"],
            errors: folder["errors"], environment: ["PYTHONPATH": packages])
        let (folder, process) = (folder, process)
        port = try eventually("\(program) listens") {
            guard process.isRunning else { throw Gateway.CannotServe(log: folder.text("errors")) }
            return folder.text("output").split(separator: "\n").first.flatMap { UInt16($0) }
        }
    }

    /// What it has told, line by line.
    var lines: [String] { folder.text("output").split(separator: "\n").dropFirst().map(String.init) }

    /// What went wrong in it.
    var errors: String { folder.text("errors") }
}
