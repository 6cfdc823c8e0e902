public import Crypto
import Glibc

/// Why no test PKI was made.
public enum TestPKIError: Error, Hashable, Sendable {
    /// A key or a signature failed.
    case crypto(CryptoError)
    /// A call of the system failed for a path.
    case system(call: String, path: String, errno: Int32)
    /// The folder holds something that was not made here, and would have been deleted.
    case notGenerated(path: String)
    /// An option is out of its bounds.
    case outOfBounds(option: String, allowed: ClosedRange<Int>)
}

extension TestPKIError: CustomStringConvertible {
    /// One sentence for the person who has to mend it.
    public var description: String {
        switch self {
        case .crypto(let error): error.description
        case .system(let call, let path, let number):
            unsafe "\(call) \(path): \(strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)")"
        case .notGenerated(let path):
            "\(path) exists and is not a generated test PKI: it is left as it is; choose another folder or remove it"
        case .outOfBounds(let option, let allowed):
            "\(option) must be from \(allowed.lowerBound) to \(allowed.upperBound)"
        }
    }
}
