import COpenSSL

/// Owns a decoded `PKCS12`.
@safe
struct PKCS12Container: ~Copyable {
    private let pointer: OpaquePointer

    init(_ bytes: Span<UInt8>) throws(CryptoError) {
        let decoded = unsafe bytes.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return unsafe d2i_PKCS12(nil, &position, buffer.count)
        }
        guard let decoded = unsafe decoded else { throw .malformedPKCS12(code: ErrorQueue.cause) }
        unsafe pointer = decoded
    }

    deinit { unsafe PKCS12_free(pointer) }

    /// The passphrase in the form in which the MAC of this container verifies.
    ///
    /// No passphrase was written by some as an empty string and by others as no string at all.
    func passphraseForm(of passphrase: [UInt8]) throws(CryptoError) -> PassphraseForm {
        guard let length = Int32(exactly: passphrase.count) else { throw .wrongPassphrase }
        let form = PassphraseForm(bytes: passphrase.map { CChar(bitPattern: $0) } + [0], length: length)
        guard unsafe PKCS12_mac_present(pointer) == 1 else { return form }
        if unsafe PKCS12_verify_mac(pointer, form.bytes, length) == 1 { return form }
        if passphrase.isEmpty, unsafe PKCS12_verify_mac(pointer, nil, 0) == 1 {
            return PassphraseForm(bytes: nil, length: 0)
        }
        throw .wrongPassphrase
    }

    func read(into reading: inout PKCS12Reading) throws(CryptoError) {
        guard let safes = unsafe PKCS12_unpack_authsafes(pointer) else {
            throw .malformedPKCS12(code: ErrorQueue.cause)
        }
        defer { unsafe poterne_sk_PKCS7_free(safes) }
        for index in 0..<(unsafe poterne_sk_PKCS7_num(safes)) {
            guard let safe = unsafe poterne_sk_PKCS7_value(safes, index) else { continue }
            try unsafe reading.readSafe(safe)
        }
    }
}

struct PassphraseForm {
    let bytes: [CChar]?
    let length: Int32
}

/// What is gathered while the bags of a container are walked through.
@safe
struct PKCS12Reading {
    let passphrase: PassphraseForm
    private var keys: [PrivateKey] = []
    private var certificates: [X509Handle] = []

    init(passphrase: PassphraseForm) {
        self.passphrase = passphrase
    }

    /// Reads the bags of one SafeContents, decrypting it if need be.
    @unsafe
    mutating func readSafe(_ safe: UnsafeMutablePointer<PKCS7>) throws(CryptoError) {
        let bags: OpaquePointer?
        switch unsafe OBJ_obj2nid(safe.pointee.type) {
        case NID_pkcs7_data:
            unsafe bags = PKCS12_unpack_p7data(safe)
        case NID_pkcs7_encrypted:
            try unsafe Self.refuseObsoleteCipher(poterne_PKCS7_encryption_algorithm(safe))
            unsafe bags = PKCS12_unpack_p7encdata(safe, passphrase.bytes, passphrase.length)
        default:
            throw .malformedPKCS12(code: 0)
        }
        guard let bags = unsafe bags else { throw .malformedPKCS12(code: ErrorQueue.cause) }
        defer { unsafe poterne_sk_PKCS12_SAFEBAG_free(bags) }
        try unsafe readBags(bags, depth: 0)
    }

    private mutating func readBags(_ bags: OpaquePointer, depth: Int) throws(CryptoError) {
        guard depth < Limits.safeContentsDepth else { throw .malformedPKCS12(code: 0) }
        for index in 0..<(unsafe poterne_sk_PKCS12_SAFEBAG_num(bags)) {
            guard let bag = unsafe poterne_sk_PKCS12_SAFEBAG_value(bags, index) else { continue }
            switch unsafe PKCS12_SAFEBAG_get_nid(bag) {
            case NID_keyBag:
                try unsafe append(EVP_PKCS82PKEY(PKCS12_SAFEBAG_get0_p8inf(bag)))
            case NID_pkcs8ShroudedKeyBag:
                try unsafe readShroudedKey(bag)
            case NID_certBag where unsafe PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate:
                guard let certificate = unsafe PKCS12_SAFEBAG_get1_cert(bag) else {
                    throw .malformedPKCS12(code: ErrorQueue.cause)
                }
                unsafe certificates.append(X509Handle(owning: certificate))
            case NID_safeContentsBag:
                guard let inner = unsafe PKCS12_SAFEBAG_get0_safes(bag) else { continue }
                try unsafe readBags(inner, depth: depth + 1)
            default: continue
            }
        }
    }

    private mutating func readShroudedKey(_ bag: OpaquePointer) throws(CryptoError) {
        guard let shrouded = unsafe PKCS12_SAFEBAG_get0_pkcs8(bag) else { throw .malformedPKCS12(code: 0) }
        var algorithm: UnsafePointer<X509_ALGOR>?
        unsafe X509_SIG_get0(shrouded, &algorithm, nil)
        try unsafe Self.refuseObsoleteCipher(algorithm)
        guard let opened = unsafe PKCS8_decrypt(shrouded, passphrase.bytes, passphrase.length) else {
            throw .wrongPassphrase
        }
        // Overwrites the key as it frees it.
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(opened) }
        try unsafe append(EVP_PKCS82PKEY(opened))
    }

    private mutating func append(_ key: OpaquePointer?) throws(CryptoError) {
        guard let key = unsafe key else { throw .malformedPrivateKey(code: ErrorQueue.cause) }
        unsafe keys.append(PrivateKey(EVPKey(owning: key)))
    }

    /// The ciphers that only OpenSSL's legacy provider still has, whichever of them a container asks for.
    private static func refuseObsoleteCipher(_ algorithm: UnsafePointer<X509_ALGOR>?) throws(CryptoError) {
        guard let algorithm = unsafe algorithm else { throw .malformedPKCS12(code: 0) }
        let name: String? =
            switch unsafe OBJ_obj2nid(algorithm.pointee.algorithm) {
            case NID_pbe_WithSHA1And40BitRC2_CBC: "RC2-40"
            case NID_pbe_WithSHA1And128BitRC2_CBC: "RC2-128"
            case NID_pbe_WithSHA1And40BitRC4: "RC4-40"
            case NID_pbe_WithSHA1And128BitRC4: "RC4-128"
            case NID_pbeWithMD5AndDES_CBC, NID_pbeWithSHA1AndDES_CBC: "DES"
            case NID_pbeWithMD5AndRC2_CBC, NID_pbeWithSHA1AndRC2_CBC: "RC2-64"
            default: nil
            }
        if let name { throw .obsoletePKCS12Cipher(name: name) }
    }

    /// The key with its own certificate first and the issuers behind it.
    consuming func contents() throws(CryptoError) -> PKCS12.Contents {
        guard !keys.isEmpty else { throw .pkcs12WithoutKey }
        for key in keys {
            let own = certificates.firstIndex { certificate in
                unsafe key.withEVPKey { unsafe X509_check_private_key(certificate.pointer, $0) } == 1
            }
            guard let own else { continue }
            var chain = [certificates.remove(at: own)]
            // Each turn takes a certificate away, so it ends.
            while let last = chain.last, let next = certificates.firstIndex(where: { last.isIssued(by: $0) }) {
                chain.append(certificates.remove(at: next))
            }
            var encoded: [[UInt8]] = []
            for certificate in chain + certificates { encoded.append(try certificate.der) }
            return PKCS12.Contents(key: key, certificates: encoded)
        }
        throw .pkcs12WithoutMatchingCertificate
    }
}
