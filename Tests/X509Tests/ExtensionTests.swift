import DER
import Testing

@testable import X509

@Suite("The values of extensions")
struct ExtensionTests {
    struct Malformed: Sendable, CustomTestStringConvertible {
        let what: String
        let identifier: ObjectIdentifier
        let value: [UInt8]
        var testDescription: String { what }

        init(_ what: String, _ identifier: ObjectIdentifier, _ body: (inout DERWriter) -> Void) {
            self.what = what
            self.identifier = identifier
            value = der(body)
        }
    }

    static let malformed = [
        Malformed("nothing at all", .basicConstraints) { _ in },
        Malformed("two values", .basicConstraints) {
            $0.sequence { _ in }
            $0.sequence { _ in }
        },
        Malformed("basic constraints that are no SEQUENCE", .basicConstraints) { $0.boolean(true) },
        Malformed("a negative path length", .basicConstraints) { writer in
            writer.sequence {
                $0.boolean(true)
                $0.integer(-1)
            }
        },
        Malformed("a BOOLEAN of 01", .basicConstraints) { $0.raw([0x30, 0x03, 0x01, 0x01, 0x01]) },
        Malformed("a key usage without a bit", .keyUsage) { $0.bitString([]) },
        Malformed("a key usage of zero bits", .keyUsage) { $0.bitString([0x00]) },
        Malformed("a key usage that is an OCTET STRING", .keyUsage) { $0.octetString([0x80]) },
        Malformed("no purpose", .extendedKeyUsage) { $0.sequence { _ in } },
        Malformed("a purpose that is no identifier", .extendedKeyUsage) { $0.sequence { $0.null() } },
        Malformed("65 purposes", .extendedKeyUsage) { writer in
            writer.sequence { list in for _ in 0..<65 { list.objectIdentifier(.clientAuth) } }
        },
        Malformed("no policy", .certificatePolicies) { $0.sequence { _ in } },
        Malformed("a policy twice", .certificatePolicies) { writer in
            writer.sequence { list in for _ in 0..<2 { list.sequence { $0.objectIdentifier("1.2.3") } } }
        },
        Malformed("65 policies", .certificatePolicies) { writer in
            writer.sequence { list in
                for number in 0..<65 {
                    list.sequence { $0.objectIdentifier(ObjectIdentifier(dotted: "1.2.\(number)") ?? "1.2") }
                }
            }
        },
        Malformed("no mapping", .policyMappings) { $0.sequence { _ in } },
        Malformed("half a mapping", .policyMappings) { $0.sequence { $0.sequence { $0.objectIdentifier("1.2") } } },
        Malformed("empty policy constraints", .policyConstraints) { $0.sequence { _ in } },
        Malformed("a negative inhibitAnyPolicy", .inhibitAnyPolicy) { $0.integer(-1) },
        Malformed("empty name constraints", .nameConstraints) { $0.sequence { _ in } },
        Malformed("no subtree", .nameConstraints) { $0.sequence { $0.constructed(.contextConstructed(0)) { _ in } } },
        Malformed("a subtree with a minimum", .nameConstraints) { writer in
            writer.sequence {
                $0.constructed(.contextConstructed(0)) {
                    $0.sequence {
                        $0.ia5String("example.fr", tag: .context(2))
                        $0.integer(1, tag: .context(0))
                    }
                }
            }
        },
        Malformed("a subtree with a maximum", .nameConstraints) { writer in
            writer.sequence {
                $0.constructed(.contextConstructed(0)) {
                    $0.sequence {
                        $0.ia5String("example.fr", tag: .context(2))
                        $0.integer(5, tag: .context(1))
                    }
                }
            }
        },
        Malformed("a constraint on an address without a mask", .nameConstraints) { writer in
            writer.sequence {
                $0.constructed(.contextConstructed(0)) {
                    $0.sequence { $0.octetString([1, 2, 3, 4], tag: .context(7)) }
                }
            }
        },
        Malformed("no alternative name", .subjectAlternativeName) { $0.sequence { _ in } },
        Malformed("a NUL in a host", .subjectAlternativeName) { writer in
            writer.sequence { $0.ia5String("a.fr\0.b.fr", tag: .context(2)) }
        },
        Malformed("a host outside ASCII", .subjectAlternativeName) { writer in
            writer.sequence { $0.ia5String("é.fr", tag: .context(2)) }
        },
        Malformed("an address of five octets", .subjectAlternativeName) { writer in
            writer.sequence { $0.octetString([1, 2, 3, 4, 5], tag: .context(7)) }
        },
        Malformed("a name of no kind", .subjectAlternativeName) { writer in
            writer.sequence { $0.ia5String("a.fr", tag: .context(9)) }
        },
        Malformed("1025 names", .subjectAlternativeName) { writer in
            writer.sequence { list in for _ in 0...1024 { list.ia5String("a.fr", tag: .context(2)) } }
        },
        Malformed("a point of nothing", .crlDistributionPoints) { $0.sequence { $0.sequence { _ in } } },
        Malformed("a point of reasons alone", .crlDistributionPoints) { writer in
            writer.sequence { $0.sequence { $0.namedBits([1], tag: .context(1)) } }
        },
        Malformed("33 points", .crlDistributionPoints) { writer in
            writer.sequence { list in for _ in 0..<33 { list.raw(point("http://a.fr")) } }
        },
        Malformed("no access description", .authorityInformationAccess) { $0.sequence { _ in } },
        Malformed("a key identifier that is no OCTET STRING", .subjectKeyIdentifier) { $0.bitString([1]) },
        Malformed("a serial number out of place", .authorityKeyIdentifier) { writer in
            writer.sequence {
                $0.integer(1, tag: .context(2))
                $0.octetString([1], tag: .context(0))
            }
        },
    ]

    @Test("a malformed value is refused with the name of its extension", arguments: malformed)
    func refused(_ malformed: Malformed) throws {
        let draft = CertificateDraft.with(malformed.identifier) { $0.raw(malformed.value) }
        guard case .invalidExtension(let identifier, _) = draft.refusal else {
            Issue.record("read, or refused as \(String(describing: draft.refusal))")
            return
        }
        #expect(identifier == malformed.identifier)
    }

    @Test("basic constraints")
    func basicConstraints() throws {
        let draft = CertificateDraft.with(.basicConstraints, critical: true) { writer in
            writer.sequence {
                $0.boolean(true)
                $0.integer(3)
            }
        }
        let constraints = try #require(try draft.read().basicConstraints)
        #expect(constraints.isAuthority)
        #expect(constraints.pathLength == 3)
    }

    @Test("key usage has nine bits, the last in the second octet")
    func keyUsage() throws {
        let draft = CertificateDraft.with(.keyUsage) { $0.namedBits([0, 5, 8]) }
        #expect(try draft.read().keyUsage == [.digitalSignature, .keyCertSign, .decipherOnly])
        let beyond = CertificateDraft.with(.keyUsage) { $0.namedBits([1, 12]) }
        #expect(try beyond.read().keyUsage == [.nonRepudiation])
        #expect(KeyUsage([.keyCertSign, .crlSign]).description == "keyCertSign, cRLSign")
    }

    @Test("policies, mappings and constraints on them")
    func policies() throws {
        var draft = CertificateDraft()
        draft.extensions = [
            CertificateDraft.extension(
                .certificatePolicies,
                der { writer in
                    writer.sequence { list in
                        list.sequence { $0.objectIdentifier(.anyPolicy) }
                        list.sequence {
                            $0.objectIdentifier("1.2.3")
                            $0.sequence {
                                $0.sequence {
                                    $0.objectIdentifier(.cpsQualifier)
                                    $0.ia5String("http://a.fr/PC")
                                }
                                $0.sequence {
                                    $0.objectIdentifier("1.3.6.1.5.5.7.2.2")
                                    $0.sequence { $0.utf8String("notice") }
                                }
                            }
                        }
                    }
                }),
            CertificateDraft.extension(
                .policyMappings,
                der { writer in
                    writer.sequence {
                        $0.sequence {
                            $0.objectIdentifier("1.2.3")
                            $0.objectIdentifier("1.2.4")
                        }
                    }
                }),
            CertificateDraft.extension(
                .policyConstraints, critical: true,
                der { writer in
                    writer.sequence {
                        $0.integer(0, tag: .context(0))
                        $0.integer(2, tag: .context(1))
                    }
                }),
            CertificateDraft.extension(.inhibitAnyPolicy, critical: true, der { $0.integer(1) }),
        ]
        let certificate = try draft.read()
        #expect(certificate.policies?.map(\.identifier) == [.anyPolicy, "1.2.3"])
        #expect(certificate.policies?.last?.practiceStatements == ["http://a.fr/PC"])
        #expect(certificate.policyMappings == [PolicyMapping(issuerDomain: "1.2.3", subjectDomain: "1.2.4")])
        #expect(certificate.policyConstraints?.requireExplicitPolicy == 0)
        #expect(certificate.policyConstraints?.inhibitPolicyMapping == 2)
        #expect(certificate.inhibitAnyPolicy == 1)
        #expect(certificate.unhandledCriticalExtensions.isEmpty)
    }

    @Test("every kind of general name")
    func generalNames() throws {
        let directory = CertificateDraft.name([("2.5.4.3", .utf8String, "x")])
        let draft = CertificateDraft.with(.subjectAlternativeName) { writer in
            writer.sequence { names in
                names.constructed(.contextConstructed(0)) {
                    $0.objectIdentifier(.userPrincipalName)
                    $0.constructed(.contextConstructed(0)) { $0.utf8String("u") }
                }
                names.ia5String("a@b.fr", tag: .context(1))
                names.ia5String("b.fr", tag: .context(2))
                names.constructed(.contextConstructed(3)) { $0.null() }
                names.constructed(.contextConstructed(4)) { $0.raw(directory) }
                names.constructed(.contextConstructed(5)) { $0.null() }
                names.ia5String("http://b.fr/", tag: .context(6))
                names.octetString([127, 0, 0, 1], tag: .context(7))
                names.objectIdentifier("1.2.3", tag: .context(8))
            }
        }
        let expected: [GeneralName] = [
            .other(type: .userPrincipalName, value: [0x0C, 0x01, 0x75]), .email("a@b.fr"), .dns("b.fr"),
            .x400([0xA3, 0x02, 0x05, 0x00]), .directory(try DistinguishedName(der: directory)),
            .ediParty([0xA5, 0x02, 0x05, 0x00]), .uri("http://b.fr/"), .ipAddress([127, 0, 0, 1]),
            .registeredID("1.2.3"),
        ]
        #expect(try draft.read().subjectAlternativeNames == expected)
    }

    @Test("name constraints of either side")
    func nameConstraints() throws {
        let draft = CertificateDraft.with(.nameConstraints, critical: true) { writer in
            writer.sequence {
                $0.constructed(.contextConstructed(0)) { permitted in
                    permitted.sequence { $0.ia5String(".esante.gouv.fr", tag: .context(2)) }
                    permitted.sequence { $0.octetString([10, 0, 0, 0, 255, 0, 0, 0], tag: .context(7)) }
                }
                $0.constructed(.contextConstructed(1)) { excluded in
                    excluded.sequence {
                        $0.ia5String("", tag: .context(1))
                        $0.integer(0, tag: .context(0))
                    }
                }
            }
        }
        let constraints = try #require(try draft.read().nameConstraints)
        #expect(
            constraints.permitted?.map(\.base) == [.dns(".esante.gouv.fr"), .ipAddress([10, 0, 0, 0, 255, 0, 0, 0])])
        #expect(constraints.excluded?.map(\.base) == [.email("")])
    }

    @Test("distribution points by full name, by relative name, with reasons and another issuer")
    func distributionPoints() throws {
        let issuer = CertificateDraft.name([("2.5.4.3", .utf8String, "x")])
        let draft = CertificateDraft.with(.crlDistributionPoints) { writer in
            writer.sequence { list in
                list.raw(Self.point("http://a.fr/1.crl"))
                list.sequence {
                    $0.constructed(.contextConstructed(0)) {
                        $0.constructed(.contextConstructed(1)) {
                            $0.raw(CertificateDraft.attribute("2.5.4.3", .utf8String, Array("CRL1".utf8)))
                        }
                    }
                    $0.namedBits([1, 2], tag: .context(1))
                    $0.constructed(.contextConstructed(2)) { $0.constructed(.contextConstructed(4)) { $0.raw(issuer) } }
                }
            }
        }
        let certificate = try draft.read()
        #expect(certificate.crlURIs == ["http://a.fr/1.crl"])
        let second = try #require(certificate.distributionPoints.last)
        guard case .relativeToIssuer(let attributes) = second.name else {
            Issue.record("the second point has no relative name")
            return
        }
        #expect(attributes.map(\.value) == ["CRL1"])
        #expect(second.reasons == RevocationReasons(rawValue: 0b110))
        #expect(second.crlIssuer == [.directory(try DistinguishedName(der: issuer))])
    }

    @Test("key identifiers")
    func keyIdentifiers() throws {
        var draft = CertificateDraft()
        draft.extensions = [
            CertificateDraft.extension(.subjectKeyIdentifier, der { $0.octetString([1, 2]) }),
            CertificateDraft.extension(
                .authorityKeyIdentifier,
                der { writer in
                    writer.sequence {
                        $0.octetString([3, 4], tag: .context(0))
                        $0.constructed(.contextConstructed(1)) { $0.ia5String("http://a.fr", tag: .context(6)) }
                        $0.integer(7, tag: .context(2))
                    }
                }),
        ]
        let certificate = try draft.read()
        #expect(certificate.subjectKeyIdentifier == [1, 2])
        #expect(certificate.authorityKeyIdentifier?.keyIdentifier == [3, 4])
        #expect(certificate.authorityKeyIdentifier?.issuer == [.uri("http://a.fr")])
        #expect(certificate.authorityKeyIdentifier?.serial == SerialNumber(octets: [7]))
    }

    private static func point(_ uri: String) -> [UInt8] {
        der { writer in
            writer.sequence {
                $0.constructed(.contextConstructed(0)) {
                    $0.constructed(.contextConstructed(0)) { $0.ia5String(uri, tag: .context(6)) }
                }
            }
        }
    }
}
