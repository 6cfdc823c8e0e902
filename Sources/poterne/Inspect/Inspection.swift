import Configuration
import DER
import Foundation
import Gateway
import IGCSante
import X509

/// What `poterne inspect` was asked, with its files read.
struct Inspection {
    private let files: [InspectedFile]
    private let anchors: [Certificate]
    private let issuers: [Certificate]
    private let lists: RevocationInput
    private let trial: AdmissionTrial?
    private let now: Timestamp
    private let isVerified: Bool

    init(_ command: InspectCommand) throws {
        if let text = command.at {
            guard let moment = Timestamp(rfc3339: text) else {
                throw UnusableInput("--at \(text) is not a time such as 2019-06-28T12:00:00Z")
            }
            now = moment
        } else {
            now = .now()
        }
        let passphrase = try InspectedFile.passphrase(in: command.passphraseFile)
        files = try command.certificates.map { try InspectedFile($0, passphrase: passphrase) }
        anchors = try CertificateInput(command.anchor).certificates
        issuers = try CertificateInput(command.issuer).certificates
        lists = try RevocationInput(command.crl)
        if let path = command.config {
            do {
                let environment = ProcessInfo.processInfo.environment
                trial = try AdmissionTrial(try GatewayConfiguration.load(path: path, environment: environment), at: now)
            } catch {
                throw UnusableInput("\(error)")
            }
        } else {
            trial = nil
        }
        // With a configuration its listeners answer, unless the chain is asked about as well.
        isVerified = command.config == nil || !command.anchor.isEmpty || !command.issuer.isEmpty
    }

    /// What there is to say.
    struct Report {
        /// Why a file's certificate cannot be read.
        struct Malformed {
            let file: String
            let message: String
        }

        let now: Timestamp
        let certificates: [CertificateReport]
        let malformed: [Malformed]
        let warnings: [String]

        /// Whether one of the certificates would be refused, or is none.
        var isRefused: Bool { !malformed.isEmpty || certificates.contains(where: \.isRefused) }
    }

    func report() throws -> Report {
        var warnings = trial?.warnings ?? []
        let candidates = files.flatMap(\.certificates) + issuers + anchors + (trial?.authorities ?? [])
        let question = ChainQuestion(anchors: anchors, candidates: candidates, lists: lists, now: now)
        var certificates: [CertificateReport] = []
        var malformed: [Report.Malformed] = []
        for file in files {
            for case .malformed(let error) in file.entries {
                malformed.append(Report.Malformed(file: file.path, message: "\(error)"))
            }
            for certificate in Inspection.subjects(of: file) {
                let chain = FoundChain(of: certificate, among: candidates)
                certificates.append(
                    CertificateReport(
                        file: file.path, hasKey: file.hasKey, certificate: certificate,
                        classification: Classification.classify(certificate, issuer: chain.issuers.first),
                        official: OfficialAuthority.matching(sha256: CertificateReport.digest(of: certificate)),
                        chain: chain,
                        verification: isVerified
                            ? try question.answer(to: certificate, chain: chain, warnings: &warnings) : nil,
                        listeners: trial?.answers(
                            to: certificate,
                            presented: file.certificates.filter {
                                $0 != certificate
                            }) ?? [],
                        now: now))
            }
        }
        var seen: Set<String> = []
        return Report(
            now: now, certificates: certificates, malformed: malformed,
            warnings: warnings.filter { seen.insert($0).inserted })
    }

    /// The certificates of a file that are to be explained: those that issued another one of it are in its chain.
    private static func subjects(of file: InspectedFile) -> [Certificate] {
        let all = file.certificates
        var seen: Set<Certificate> = []
        return all.filter { certificate in
            guard seen.insert(certificate).inserted else { return false }
            return !all.contains { $0 != certificate && $0.issuer.matches(certificate.subject) }
        }
    }
}
