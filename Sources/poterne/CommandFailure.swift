import Foundation

/// What a command ends with when it cannot do its work: the text goes to standard error, the exit code is 1.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ error: any Error) {
        description = "\(error)"
    }
}

/// Lets what was printed be seen, by a pipe too.
func flushStandardOutput() {
    fflush(nil)
}
