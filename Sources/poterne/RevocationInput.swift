import DER
import Revocation
import X509

/// The CRLs that a command line names, in files and folders.
struct RevocationInput {
    private let lists: [(path: String, bytes: [UInt8])]

    /// Whether none was named.
    var isEmpty: Bool { lists.isEmpty }

    /// Reads them.
    ///
    /// A file must hold a CRL; a folder may hold other things.
    init(_ paths: [String]) throws {
        var lists: [(path: String, bytes: [UInt8])] = []
        for path in paths {
            let folder = InputFile.contents(ofFolder: path)
            for file in folder ?? [path] {
                do {
                    lists.append((file, try InputFile.read(file)))
                } catch {
                    // Folders hold folders.
                    guard folder != nil else { throw UnusableInput("\(error)") }
                }
            }
            guard folder == nil, let last = lists.last else { continue }
            do {
                _ = try RevocationListFile.lists(in: last.bytes)
            } catch {
                throw UnusableInput("\(path): \(error)")
            }
        }
        self.lists = lists
    }

    /// Those that one of some CAs signed; what is wrong with others is added to the warnings.
    ///
    /// Whether a path leads to that CA is asked when it matters.
    func snapshot(of authorities: [Certificate], at now: Timestamp, warnings: inout [String]) -> RevocationSnapshot {
        let keeper = RevocationKeeper(
            RevocationSettings(authorities: authorities.map { RevocationAuthority(certificate: $0) }))
        for (path, bytes) in lists {
            for case .refused(let refusal) in keeper.offer(bytes, from: .file(path), at: now) {
                switch refusal {
                // Mixed folders hold the CRLs of other CAs, and old ones beside new ones.
                case .unknownIssuer, .older, .sameNumber, .overtaken: continue
                default: warnings.append("\(path): \(refusal)")
                }
            }
        }
        return keeper.snapshot
    }
}
