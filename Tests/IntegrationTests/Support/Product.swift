import Foundation

/// The binary under test.
enum Product {
    /// `poterne`, which the build puts beside the bundle of the tests.
    static let path: String = {
        var folder = Bundle.main.bundleURL
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
            folder = bundle.bundleURL.deletingLastPathComponent()
        }
        for candidate in [folder, buildFolder] {
            let file = candidate.appendingPathComponent("poterne").path
            if FileManager.default.isExecutableFile(atPath: file) { return file }
        }
        return "poterne"
    }()

    /// The folder of the running program, or of the one it was given as an argument: the test runner is the toolchain's.
    private static var buildFolder: URL {
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") }
        return URL(fileURLWithPath: bundle ?? CommandLine.arguments[0]).deletingLastPathComponent()
    }
}
