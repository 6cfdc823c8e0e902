import Foundation

/// Packages from PyPI that tests use as real peers, kept beside the binary for the next run.
enum Python {
    /// Where `websockets` is, for PYTHONPATH; nothing where it cannot be had.
    static let websockets = folder(of: "websockets")

    private static func folder(of package: String) -> String? {
        let path = URL(fileURLWithPath: Product.path).deletingLastPathComponent()
            .appendingPathComponent("test-python/\(package)").path
        if FileManager.default.fileExists(atPath: "\(path)/\(package)") { return path }
        let arguments = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", path, package]
        return (try? run("python3", arguments))?.exitCode == 0 ? path : nil
    }
}
