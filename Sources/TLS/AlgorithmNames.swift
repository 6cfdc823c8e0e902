internal import COpenSSL

extension TLSProfile.Algorithms {
    /// Gives the lists to a context, after each name alone has been shown to name one algorithm.
    ///
    /// OpenSSL on its own passes over names of TLS 1.2 suites it does not know, and takes `ALL` or `@SECLEVEL=0` for
    /// one; here a list is a list of names.
    func install(in context: ContextHandle) throws(TLSError) {
        let context = unsafe context.pointer
        try check(.cipherSuites12, cipherSuites12) { name in
            unsafe SSL_CTX_set_cipher_list(context, name) == 1 && Self.names(of: context).contains(name)
        }
        try check(.cipherSuites13, cipherSuites13) { unsafe SSL_CTX_set_ciphersuites(context, $0) == 1 }
        try check(.groups, groups) { unsafe poterne_SSL_CTX_set1_groups_list(context, $0) == 1 }
        try check(.signatureAlgorithms, signatureAlgorithms) {
            unsafe poterne_SSL_CTX_set1_sigalgs_list(context, $0) == 1
        }
        let isSet =
            unsafe SSL_CTX_set_cipher_list(context, cipherSuites12.joined(separator: ":")) == 1
            && SSL_CTX_set_ciphersuites(context, cipherSuites13.joined(separator: ":")) == 1
            && poterne_SSL_CTX_set1_groups_list(context, groups.joined(separator: ":")) == 1
            && poterne_SSL_CTX_set1_sigalgs_list(context, signatureAlgorithms.joined(separator: ":")) == 1
            && poterne_SSL_CTX_set1_client_sigalgs_list(context, signatureAlgorithms.joined(separator: ":")) == 1
        guard isSet else { throw .library(function: "SSL_CTX_set_cipher_list", code: ErrorQueue.take()) }
    }

    private func check(
        _ list: TLSError.AlgorithmList, _ names: [String], isKnown: (String) -> Bool
    ) throws(TLSError) {
        let unknown = names.filter { name in
            name.utf8.isEmpty || name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: ":") } || !isKnown(name)
        }
        ErrorQueue.clear()
        guard unknown.isEmpty else { throw .unknownAlgorithms(list, names: unknown) }
    }

    @unsafe
    private static func names(of context: OpaquePointer) -> [String] {
        guard let ciphers = unsafe SSL_CTX_get_ciphers(context) else { return [] }
        return unsafe (0..<poterne_sk_SSL_CIPHER_num(ciphers)).compactMap { index in
            guard let name = unsafe SSL_CIPHER_get_name(poterne_sk_SSL_CIPHER_value(ciphers, index)) else { return nil }
            return unsafe String(cString: name)
        }
    }
}
