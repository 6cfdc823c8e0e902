internal import Configuration
internal import Crypto
internal import DER
internal import IGCSante
internal import Revocation
internal import TLS
internal import Trust
internal import X509

/// Whether a listener can show its certificates: chain, key, kind, names, dates.
struct ListenerCheck {
    let record: CheckRecord
    let expiry: ExpiryCheck
    let listener: ListenerConfiguration
    let trust: CheckedTrust?
    let moment: Timestamp

    func check() {
        var names: [String] = []
        var isReadable = true
        for configured in listener.tls.certificates {
            do throws(StartupProblem) {
                let identity = try KeyFiles.identity(of: configured)
                let chain = try certificates(of: identity, configured)
                names += check(chain, identity.key, configured)
            } catch {
                record.error(error)
                isReadable = false
            }
        }
        if isReadable { checkHosts(CertificateNames(names), names) }
    }

    private func certificates(
        of identity: TLSIdentity, _ configured: ServerCertificateConfiguration
    ) throws(StartupProblem) -> [Certificate] {
        var chain: [Certificate] = []
        for der in identity.chain {
            do throws(CertificateError) {
                chain.append(try Certificate(der: der))
            } catch {
                throw StartupProblem(location: configured.location, message: "\(error)", remedy: nil)
            }
        }
        return chain
    }

    /// Checks one certificate, and returns the names it answers for.
    private func check(
        _ chain: [Certificate], _ key: PrivateKey, _ configured: ServerCertificateConfiguration
    ) -> [String] {
        let location = configured.chainLocation
        guard let leaf = chain.first else {
            record.error(location, "there is no certificate", mend: "Give the server's certificate first.")
            return []
        }
        let before = record.findings.count
        checkKey(key, of: leaf, configured)
        checkChain(chain, at: location)
        expiry.check(
            leaf, "the certificate of listener \(listener.name)", at: location,
            mend: "Renew it; SIGHUP takes the new one without an interruption.")
        for issuer in chain.dropFirst() {
            expiry.check(
                issuer, "the CA \(issuer.subject.rfc2253) of the chain", at: location,
                mend: "Put the current one there.")
        }
        checkKind(of: leaf, issuer: chain.dropFirst().first, at: location)
        checkRevocation(of: leaf, issuer: chain.dropFirst().first, at: location)
        if record.findings.count == before {
            record.ok(
                location,
                "the certificate of listener \(listener.name), \(leaf.subject.rfc2253): chain whole, key fits, until "
                    + "\(leaf.notAfter)")
        }
        return ServerCertificates.names(of: leaf)
    }

    private func checkKey(_ key: PrivateKey, of leaf: Certificate, _ configured: ServerCertificateConfiguration) {
        let der = leaf.der
        let own = try? PublicKey(subjectPublicKeyInfo: der.span.extracting(leaf.subjectPublicKeyInfo))
        if own.map(key.matches) != true {
            record.error(
                configured.keyLocation, "the key is not that of the certificate \(leaf.subject.rfc2253)",
                mend: "Give the key that the certificate was requested with, and the chain leaf first.")
        }
    }

    /// Each certificate must be signed by the next; the root need not be there.
    private func checkChain(_ chain: [Certificate], at location: SourceLocation) {
        for (certificate, issuer) in zip(chain, chain.dropFirst()) where !certificate.isSigned(by: issuer) {
            record.error(
                location,
                "the chain is not in order: \(issuer.subject.rfc2253) did not sign \(certificate.subject.rfc2253)",
                mend: "Put the server's certificate first, then the CA that issued it, and so on.")
            return
        }
        guard let leaf = chain.first, chain.count == 1 else { return }
        if leaf.isSigned(by: leaf) {
            record.warning(
                location, "\(leaf.subject.rfc2253) signed itself: no client trusts it of its own accord",
                mend: "Use a SERV SSL certificate of IGC-Santé.")
            return
        }
        let official = OfficialAuthority.matching(
            name: leaf.issuer, keyIdentifier: leaf.authorityKeyIdentifier?.keyIdentifier)
        record.error(
            location, "the chain ends at the server's certificate: clients that lack its issuer cannot verify it",
            mend: "Append the certificate of \(leaf.issuer.rfc2253)"
                + (official.map { ", from \($0.certificateURL)" } ?? ""))
    }

    private func checkKind(of leaf: Certificate, issuer: Certificate?, at location: SourceLocation) {
        if let purposes = leaf.extendedKeyUsage, !purposes.contains(.serverAuth) {
            record.error(
                location, "\(leaf.subject.rfc2253) is not for TLS servers: its purposes lack serverAuth",
                mend: "Use a SERV SSL certificate.")
            return
        }
        guard let environment = trust?.snapshot.environment, environment != .generic else { return }
        let found = Classification.classify(leaf, issuer: issuer)
        // Read once: the optimiser of Swift 6.3.1 crashes on two looks at it here.
        let kind = found.kind
        guard kind == .servSSL else {
            let what = kind.map { "of the kind \($0)" } ?? "of no kind of IGC-Santé"
            record.warning(
                location, "\(leaf.subject.rfc2253) is \(what), not SERV SSL",
                mend: "Callers of IGC-Santé expect a SERV SSL certificate; `poterne inspect` tells what this one is.")
            return
        }
        if let own = found.environment, own.rawValue != environment.rawValue {
            record.warning(
                location,
                "it is a SERV SSL of the \(own) environment, and callers are those of \(environment.rawValue)",
                mend: "Use a certificate of the same environment.")
        }
    }

    /// Whether the listener's own certificate was revoked, when the trust has the CRL that says so.
    private func checkRevocation(of leaf: Certificate, issuer: Certificate?, at location: SourceLocation) {
        guard let trust, let issuer else { return }
        let status = trust.revocation.status(of: leaf, issuedBy: issuer, at: moment)
        if case .revoked = status {
            record.error(location, "the certificate of listener \(listener.name) is \(status)", mend: "Renew it.")
        }
    }

    /// Whether some certificate answers for each host that a route names.
    private func checkHosts(_ covered: CertificateNames, _ names: [String]) {
        for route in listener.routes {
            let host: String
            let isCovered: Bool
            switch route.host {
            case .any: continue
            case .exact(let name): (host, isCovered) = (name, covered.covers(name))
            case .wildcard(let suffix): (host, isCovered) = ("*.\(suffix)", names.contains("*.\(suffix)"))
            }
            if !isCovered {
                let list = names.isEmpty ? "none" : names.joined(separator: ", ")
                record.error(
                    route.location, "no certificate of listener \(listener.name) is for \(host): its names are \(list)",
                    mend: "Add a certificate with the DNS name \(host), or correct `host`.")
            }
        }
    }
}

extension ServerCertificateConfiguration {
    /// Where the certificate is named.
    fileprivate var chainLocation: SourceLocation {
        switch source {
        case .files(let chain, _), .pkcs11(let chain, _): chain.location
        case .pkcs12(let file): file.location
        }
    }

    /// Where its key is named.
    fileprivate var keyLocation: SourceLocation {
        switch source {
        case .files(_, let key): key.location
        case .pkcs12(let file): file.location
        case .pkcs11: location
        }
    }
}
