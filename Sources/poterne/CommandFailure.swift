import Foundation

/// What a command ends with when it cannot do its work: the text goes to standard error, the exit code is 1.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ error: any Error) {
        // What the configuration says begins with its own "error: ", and the argument parser writes one before it.
        let text = "\(error)"
        description = text.hasPrefix("error: ") ? String(text.dropFirst("error: ".count)) : text
    }
}

/// Lets what was printed be seen, by a pipe too.
func flushStandardOutput() {
    fflush(nil)
}
