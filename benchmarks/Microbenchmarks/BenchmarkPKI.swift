import Crypto
import DER
import Glibc
import TestPKI
import X509

/// The certificates and CRLs that every measurement uses: one hierarchy, and CRLs of one CA in several sizes, so that
/// nothing but the number of entries differs between two of them.
struct BenchmarkPKI {
    let folder: String
    let now = Timestamp.now()

    /// How many callers take turns.
    static let callers = 200
    /// Entries of the CRLs, by the name of the file.
    static let sizes = [("0", 0), ("10k", 10_000), ("100k", 100_000), ("1m", 1_000_000)]
    /// CRLs of a million entries to be put in each other's place.
    static let successors = 4
    /// CRLs that revoke one caller after the other, by the name of the file.
    static let cuts = [("cut-small", 0, 10), ("cut-large", 1_000_000, 3)]

    func make() throws {
        try make(sizes: Self.sizes, successors: Self.successors, cuts: Self.cuts)
    }

    /// Without the large CRLs, which take a while.
    func makeSmall() throws {
        try make(sizes: Array(Self.sizes.prefix(2)), successors: 0, cuts: [])
    }

    private func make(sizes: [(String, Int)], successors: Int, cuts: [(String, Int, Int)]) throws {
        let hierarchy = try Hierarchy(
            environment: .test, now: now,
            keys: (
                root: .generate(.rsa(bits: 4_096)), organisations: .generate(.rsa(bits: 4_096)),
                personnes: .generate(.p256)
            ))
        for name in ["", "/trust", "/server", "/load", "/crl"] { unsafe mkdir(folder + name, 0o700) }
        try write("trust/root.pem", pem(hierarchy.root.certificate))
        try write("trust/organisations.pem", pem(hierarchy.organisations.certificate))
        let serials = try makeLeaves(hierarchy.organisations)
        try makeLists(hierarchy, sizes: sizes, successors: successors)
        for (name, entries, count) in cuts {
            try makeCuts(hierarchy.organisations, name: name, entries: entries, revoking: serials.prefix(count))
        }
    }

    /// Makes the server's certificates and the callers', and hands back the serial numbers of these.
    private func makeLeaves(_ authority: CertificateAuthority) throws -> [[UInt8]] {
        let issuer = pem(authority.certificate)
        for (name, key) in [("rsa", try PrivateKey.generate(.rsa(bits: 2_048))), ("p256", try .generate(.p256))] {
            var template = LeafTemplate(.server, environment: .test, from: now.adding(seconds: -86_400))
            template.alternativeNames.append(.host("localhost"))
            try write("server/\(name).pem", pem(try authority.issue(template, to: key)) + issuer)
            try write("server/\(name).key", try key.pem)
        }
        let key = try PrivateKey.generate(.rsa(bits: 2_048))
        try write("load/client.key", try key.pem)
        var serials: [[UInt8]] = []
        for number in 1...Self.callers {
            let digits = String(1_000_000 + number).dropFirst()
            let template = LeafTemplate(
                .organisationClient, environment: .test,
                subject: .organisation(
                    "CHARGE-\(digits)", structure: "399999999\(digits)", organization: "STRUCTURE FICTIVE \(digits)"),
                from: now.adding(seconds: -86_400))
            let leaf = try authority.issue(template, to: key)
            serials.append(try Certificate(der: leaf).serial.octets)
            try write("load/client-\(digits).pem", pem(leaf) + issuer)
        }
        return serials
    }

    private func makeLists(_ hierarchy: Hierarchy, sizes: [(String, Int)], successors: Int) throws {
        try write("crl/root.crl", try list(by: hierarchy.root, number: 1, entries: 0))
        for (index, (name, entries)) in sizes.enumerated() {
            try write(
                "crl/organisations-\(name).crl",
                try list(by: hierarchy.organisations, number: index + 1, entries: entries))
        }
        for number in 0..<successors {
            try write(
                "crl/successor-\(number + 1).crl",
                try list(by: hierarchy.organisations, number: 11 + number, entries: 1_000_000))
        }
    }

    private func makeCuts(
        _ authority: CertificateAuthority, name: String, entries: Int, revoking callers: ArraySlice<[UInt8]>
    ) throws {
        for number in callers.indices.map({ $0 + 1 }) {
            try write(
                "crl/\(name)-\(number).crl",
                try list(
                    by: authority, number: 100 + number, entries: entries, revoked: Array(callers.prefix(number))))
        }
    }

    private func list(
        by authority: CertificateAuthority, number: Int, entries: Int, revoked: [[UInt8]] = []
    ) throws -> [UInt8] {
        var template = RevocationListTemplate(
            number: number, thisUpdate: now.adding(seconds: -600 + Int64(number)),
            nextUpdate: now.adding(seconds: 6 * 86_400))
        template.fillerCount = entries
        template.revoked = revoked.map { .init(serial: $0, date: now.adding(seconds: -60)) }
        return try authority.revocationList(template)
    }

    private func pem(_ certificate: [UInt8]) -> [UInt8] {
        Array(PEM.encode(PEMBlock(label: "CERTIFICATE", bytes: certificate)).utf8)
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws {
        let path = "\(folder)/\(name)"
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw BenchmarkError.system(path, errno) }
        defer { close(file) }
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw BenchmarkError.system(path, errno) }
            start += count
        }
    }

    func read(_ name: String) throws -> [UInt8] {
        let path = "\(folder)/\(name)"
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw BenchmarkError.system(path, errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe Glibc.read(file, &block, block.count)
            guard count >= 0 else { throw BenchmarkError.system(path, errno) }
            guard count > 0 else { return bytes }
            bytes += block[..<count]
        }
    }
}

enum BenchmarkError: Error, CustomStringConvertible {
    case system(String, Int32)
    case usage
    case unexpected(String)

    var description: String {
        switch self {
        case .system(let path, let errno): "\(path): errno \(errno)"
        case .usage: "usage: Microbenchmarks (pki | small-pki | trust | times) FOLDER, or repeat FOLDER CASE COUNT"
        case .unexpected(let what): what
        }
    }
}
