import Crypto
import DER
import Foundation
import TLS
import TestPKI
import X509

/// CAs whose keys the test has, so that it can issue, revoke and publish while a gateway runs.
///
/// The folder is laid out as that of `poterne testpki`; the keys are P-256, which are made in no time.
final class OwnAuthority {
    let folder: TestFolder
    let hierarchy: Hierarchy
    private var listNumber = 1
    private(set) var revoked: [RevocationListTemplate.Entry] = []

    /// Makes the CAs, a server's certificate, and CRLs in which nobody is revoked.
    init() throws {
        folder = try TestFolder()
        hierarchy = try Hierarchy(
            environment: .test, now: .now(),
            keys: (.generate(.p256), .generate(.p256), .generate(.p256)))
        try write(pem([hierarchy.root.certificate]), to: "trust/root.pem")
        try write(pem([hierarchy.organisations.certificate]), to: "trust/organisations.pem")
        try issueServer("server/fullchain", key: "server/key.pem", hosts: ["localhost"])
        try write(
            hierarchy.root.revocationList(number: 1, thisUpdate: ago(3_600), nextUpdate: ahead(86_400 * 30)),
            to: "crl/root.crl")
        try publish()
    }

    var path: String { folder.path }

    /// A setup that trusts these CAs.
    func setup(upstream port: UInt16) -> Setup {
        adapt(Setup(folder: path, upstream: port))
    }

    /// A setup that trusts these CAs and answers itself.
    func setup() -> Setup {
        adapt(Setup(folder: path))
    }

    private func adapt(_ setup: Setup) -> Setup {
        var setup = setup
        setup.revocationLists = ["crl"]
        return setup
    }

    func ago(_ seconds: Int64) -> Timestamp { Timestamp.now().adding(seconds: -seconds) }
    func ahead(_ seconds: Int64) -> Timestamp { Timestamp.now().adding(seconds: seconds) }

    // MARK: Issuing

    /// A caller: its files, and the serial number by which it is revoked.
    struct Issued {
        let name: String
        let serial: [UInt8]
    }

    /// Issues an ORG AUTH_CLI certificate as `callers/NAME`.
    @discardableResult
    func issueCaller(
        _ name: String, as subject: NameTemplate? = nil, from start: Timestamp? = nil, until end: Timestamp? = nil
    ) throws -> Issued {
        var template = LeafTemplate(
            .organisationClient, environment: .test, subject: subject ?? .organisation("CALLER-\(name)"),
            from: start ?? ago(86_400))
        if let end { template.notAfter = end }
        let key = try PrivateKey.generate(.p256)
        return try write(template, key: key, to: "callers/\(name)", keyName: "callers/\(name).key")
    }

    /// Issues a SERV SSL certificate.
    @discardableResult
    func issueServer(_ name: String, key keyName: String, hosts: [String]) throws -> Issued {
        var template = LeafTemplate(.server, environment: .test, from: ago(86_400))
        template.subject = .organisation(hosts[0])
        template.alternativeNames = hosts.map { .host($0) }
        let key = try PrivateKey.generate(.p256)
        return try write(template, key: key, to: name, keyName: keyName)
    }

    private func write(
        _ template: LeafTemplate, key: PrivateKey, to name: String, keyName: String
    ) throws -> Issued {
        let certificate = try hierarchy.organisations.issue(template, to: key)
        try write(pem([certificate, hierarchy.organisations.certificate]), to: "\(name).pem")
        try write(key.pem, to: keyName)
        return Issued(name: name, serial: try Certificate(der: certificate).serial.octets)
    }

    // MARK: Publishing

    /// Revokes, and publishes the next full CRL.
    func revoke(_ caller: Issued, reason: Int? = nil) throws {
        revoked.append(.init(serial: caller.serial, date: ago(60), reason: reason))
        listNumber += 1
        try publish()
    }

    /// Writes the present full CRL.
    func publish() throws {
        try publish(template())
    }

    /// The present full CRL, to be changed before it is published.
    func template() -> RevocationListTemplate {
        RevocationListTemplate(
            number: listNumber, thisUpdate: ago(3_600 - Int64(listNumber)), nextUpdate: ahead(86_400 * 6),
            revoked: revoked)
    }

    /// Writes a CRL of ORGANISATIONS, in place of what is there, at once.
    func publish(_ template: RevocationListTemplate, as name: String = "crl/organisations.crl") throws {
        try write(hierarchy.organisations.revocationList(template), to: name)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try folder.write(bytes, to: name)
    }

    private func pem(_ certificates: [[UInt8]]) -> [UInt8] {
        certificates.flatMap { Array(PEM.encode(PEMBlock(label: "CERTIFICATE", bytes: $0)).utf8) }
    }
}
