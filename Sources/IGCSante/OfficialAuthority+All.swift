extension OfficialAuthority {
    /// Every CA of IGC-Santé whose certificate the ANS published, roots before their intermediates.
    ///
    /// Of the test environment, the roots and intermediates of which no certificate could be had are not here.
    public static let all: [OfficialAuthority] = [
        OfficialAuthority(
            fileName: "ACR-EL", commonName: "AC RACINE IGC-SANTE ELEMENTAIRE",
            role: .root, environment: .production, range: .elementary, domain: nil,
            sha256: octets("2d9e22ca19f777c6b745257c723ecb8df3c35fa6f1f6ec36b83600c97346967f"),
            sha1: octets("4b23d44dc5cbda230fc052dff52407edaf373c69"),
            subjectKeyIdentifier: octets("8c6fead58b82faf9be87dc730e27150747c49e2f")),
        OfficialAuthority(
            fileName: "ACI-EL-ORG", commonName: "AC IGC-SANTE ELEMENTAIRE ORGANISATIONS",
            role: .intermediate, environment: .production, range: .elementary, domain: .organisations,
            sha256: octets("d834ee5b40686b73573f60547bf6052c6d404d942a5665cdb2c0b9137b5d27b2"),
            sha1: octets("2cbfa991750af778348b3156c21609a1ab45a848"),
            subjectKeyIdentifier: octets("d7fbfadcd5027fe7c153864d4be8a44a1e0bbb63")),
        OfficialAuthority(
            fileName: "ACI-EL-PP", commonName: "AC IGC-SANTE ELEMENTAIRE PERSONNES",
            role: .intermediate, environment: .production, range: .elementary, domain: .persons,
            sha256: octets("19c1eaeab477b6fbc233cda3b53fbdbc3f4e9bf6cf6973e46f7dfaef89c06c6c"),
            sha1: octets("86a0de3d866e2db5095f6785a57fd5cc53b2f049"),
            subjectKeyIdentifier: octets("ceaf9b1c194a6b53a7a8c9d81fdb6114cd07f22e")),
        OfficialAuthority(
            fileName: "ACR-ST", commonName: "AC RACINE IGC-SANTE STANDARD",
            role: .root, environment: .production, range: .standard, domain: nil,
            sha256: octets("5891815e864506c662afb32f8de5b8de38bffa1af721780b69e19a0c050386c3"),
            sha1: octets("b6ba1d6d5224bceda95a67f6f37b86896edd0006"),
            subjectKeyIdentifier: octets("c0ac89f12470d52be2d5d4b48405c0810572539b")),
        OfficialAuthority(
            fileName: "ACI-ST-ORG", commonName: "AC IGC-SANTE STANDARD ORGANISATIONS",
            role: .intermediate, environment: .production, range: .standard, domain: .organisations,
            sha256: octets("c0520a2b14fb68836a807bf86ab2b3e07d1b6061d91bc9c7b86a6f8de4b5638e"),
            sha1: octets("ea8752036e115ee8aa1653672289074a24b23994"),
            subjectKeyIdentifier: octets("66b62d3db8fc1e1a1349688284587324c4ace5a0")),
        OfficialAuthority(
            fileName: "ACI-ST-PP", commonName: "AC IGC-SANTE STANDARD PERSONNES",
            role: .intermediate, environment: .production, range: .standard, domain: .persons,
            sha256: octets("6c339ebcb3e1b0102b143c9694225c2a4ab2ef6fedf7d364da8db305e7f7d997"),
            sha1: octets("e0d6e1d8481fed62c65c53ed9dfcda949c3d1d81"),
            subjectKeyIdentifier: octets("19f276d58d7a17ca829be97b5aef3f05a690d4f3")),
        OfficialAuthority(
            fileName: "ACR-FO", commonName: "AC RACINE IGC-SANTE FORT",
            role: .root, environment: .production, range: .strong, domain: nil,
            sha256: octets("53d30a19570826bde0c0762501f1f1c7a659f976c6c023123df5239df34a4eea"),
            sha1: octets("bbe751c8b107acd29f7d12e0fcdd717e00138764"),
            subjectKeyIdentifier: octets("38430511002ee752c3e8974674f8a4fb9cdce5ee")),
        OfficialAuthority(
            fileName: "ACI-FO-ORG", commonName: "AC IGC-SANTE FORT ORGANISATIONS",
            role: .intermediate, environment: .production, range: .strong, domain: .organisations,
            sha256: octets("23f69674002d1dd4b018baecd908dc92687942bb48e5140ff895e2f56bc49c0d"),
            sha1: octets("7c3af35b76fe34699fbc72c6a340bc7f1ac4d854"),
            subjectKeyIdentifier: octets("ede618d2e0fe7345cbf8242f566ba606e20f7331")),
        OfficialAuthority(
            fileName: "ACI-FO-PP", commonName: "AC IGC-SANTE FORT PERSONNES",
            role: .intermediate, environment: .production, range: .strong, domain: .persons,
            sha256: octets("38284e4f6107456e70c7439c85da7d564d0fe1fe1a968c9eb6d43e1fc0d63c3a"),
            sha1: octets("aa6131e760b95622c0f4c2aa9d985002c21f3a0c"),
            subjectKeyIdentifier: octets("800f918821797d5555c65d6dd5938d6ade5c2aa6")),
        OfficialAuthority(
            fileName: "ACR-EL-TEST", commonName: "TEST AC RACINE IGC-SANTE ELEMENTAIRE",
            role: .root, environment: .test, range: .elementary, domain: nil,
            sha256: octets("01325aeb193871eec90fa89556804e4185cb362e0ca87a3d79939c71186da805"),
            sha1: octets("578842041c50021afaf06e6e32cbdff52e549772"),
            subjectKeyIdentifier: octets("9cad86bba6aacac5613a04b047fddc3bcd3d57f4")),
        OfficialAuthority(
            fileName: "ACI-EL-ORG-TEST", commonName: "TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS",
            role: .intermediate, environment: .test, range: .elementary, domain: .organisations,
            sha256: octets("dc528e3788691b3f7950164076f95b02c64334c68662bdede5750b4e0e5338f6"),
            sha1: octets("0c92e17978f20f83cca97571314bcc4f9faa46ed"),
            subjectKeyIdentifier: octets("212e847d3b1ef512de51a2215cae93a8ef5be3f5")),
        OfficialAuthority(
            fileName: "ACI-EL-PP-TEST", commonName: "TEST AC IGC-SANTE ELEMENTAIRE PERSONNES",
            role: .intermediate, environment: .test, range: .elementary, domain: .persons,
            sha256: octets("67be67df1673552a6c2c110f6603309c4b68fd7b7a2bba847ec87dc5d7c71b1f"),
            sha1: octets("aaec1e607000b567894ef4dd098cdcdd04320147"),
            subjectKeyIdentifier: octets("d08e536a76167779da3ab67e20486c50c40a5bfe")),
        OfficialAuthority(
            fileName: "ACR-ST-TEST", commonName: "TEST AC RACINE IGC-SANTE STANDARD",
            role: .root, environment: .test, range: .standard, domain: nil,
            sha256: octets("d6059a88efd603feb05405197215ccade2a8b389c6f872f9d343e5f53bfbb426"),
            sha1: octets("e17bb72a2aec727921cc96b83927cbd59f51e0fc"),
            subjectKeyIdentifier: octets("c41aec439cf5ed1ac81aac4e48a3593a873f92a0")),
        OfficialAuthority(
            fileName: "ACI-ST-PP-TEST", commonName: "TEST AC IGC-SANTE STANDARD PERSONNES",
            role: .intermediate, environment: .test, range: .standard, domain: .persons,
            sha256: octets("d4562312535334d8f7c885c6f5a8b3df0cf7bb3cd0b32954ec0ce4d82939a3f2"),
            sha1: octets("c830926a1d5b0274587620b08b71ed653e0caa22"),
            subjectKeyIdentifier: octets("f8a1858903da52ffd336be03d8a8d96109363d92")),
    ]

    /// The octets of a hexadecimal literal of ours.
    private static func octets(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
