internal import CLibcurl

/// One transfer of libcurl: owns an easy handle and gathers what it brings.
@safe
final class Transfer {
    let handle: UnsafeMutableRawPointer
    private let request: FetchRequest
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var body: [UInt8] = []
    private var validators = Validators()
    private var isTooLarge = false

    /// Makes a transfer that is ready to be started.
    ///
    /// The corresponding C functions are `curl_easy_init` and `curl_easy_setopt`.
    init(_ request: FetchRequest) throws(FetchError) {
        guard let handle = unsafe curl_easy_init() else { throw .unavailable }
        unsafe self.handle = unsafe handle
        self.request = request
        unsafe headers = nil
        guard configure() else { throw .unavailable }
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(headers)
    }

    /// What the transfer came to, once libcurl says with which code it ended.
    func outcome(_ code: CURLcode) -> FetchOutcome {
        guard !isTooLarge else { return .failed(.tooLarge(limit: request.limit)) }
        switch code {
        case CURLE_OK: break
        case CURLE_OPERATION_TIMEDOUT: return .failed(.timedOut)
        case CURLE_PARTIAL_FILE: return .failed(.truncated)
        case CURLE_TOO_MANY_REDIRECTS: return .failed(.tooManyRedirects)
        case CURLE_FILESIZE_EXCEEDED: return .failed(.tooLarge(limit: request.limit))
        default:
            let text = unsafe curl_easy_strerror(code).map { unsafe String(cString: $0) }
            return .failed(.network(text ?? "error \(code.rawValue)"))
        }
        switch request.errand {
        case .entry: return .body(body, Validators())
        case .document(let known, _):
            switch status {
            case nil: return .failed(.unavailable)
            case 200: return .body(body, validators)
            case 304 where known != nil: return .notModified
            case let other?: return .failed(.status(other))
            }
        case .post:
            switch status {
            case nil: return .failed(.unavailable)
            case let status? where (200..<300).contains(status): return .body(body, Validators())
            case let other?: return .failed(.status(other, retryAfterSeconds: retryAfterSeconds))
            }
        }
    }

    private var status: Int? {
        var status = 0
        let code = unsafe poterne_curl_long_info(handle, CURLINFO_RESPONSE_CODE, &status)
        return code == CURLE_OK ? status : nil
    }

    /// From now, whether the server named seconds or a date.
    private var retryAfterSeconds: Int64? {
        var seconds: curl_off_t = 0
        let code = unsafe poterne_curl_size_info(handle, CURLINFO_RETRY_AFTER, &seconds)
        guard code == CURLE_OK, seconds > 0 else { return nil }
        return min(Int64(seconds), FetchLimits.retryAfterSeconds)
    }

    private func configure() -> Bool {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        var done =
            set(CURLOPT_URL, request.url)
            && set(CURLOPT_PROTOCOLS_STR, isHTTP ? "http,https" : "ldap,ldaps")
            && set(CURLOPT_PROXY, isHTTP ? request.proxy ?? "" : "")
            && set(CURLOPT_USERAGENT, "poterne")
            && set(CURLOPT_NOSIGNAL, 1)
            && set(CURLOPT_CONNECTTIMEOUT, Int(clamping: max(1, request.timeoutSeconds)))
            && set(CURLOPT_TIMEOUT, Int(clamping: max(1, request.timeoutSeconds)))
        unsafe done =
            done
            && poterne_curl_set_size(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.limit)) == CURLE_OK
            && poterne_curl_set_callback(handle, CURLOPT_WRITEFUNCTION, Transfer.bodyCallback) == CURLE_OK
            && poterne_curl_set_pointer(handle, CURLOPT_WRITEDATA, context) == CURLE_OK
            && poterne_curl_set_pointer(handle, CURLOPT_PRIVATE, context) == CURLE_OK
        if let authorities = request.authorities { done = done && set(CURLOPT_CAINFO, authorities) }
        guard done else { return false }
        switch request.errand {
        case .entry: return forgetConnection()
        case .document(let validators, let redirects):
            return forgetConnection() && follow(redirects) && send(conditions(validators)) && takeHeaders()
        case .post(let body, let mediaType):
            // Without the field, libcurl waits for a 100 before it sends a large body.
            return post(body) && send(["Content-Type: \(mediaType)", "Expect:"])
        }
    }

    private var isHTTP: Bool {
        if case .entry = request.errand { false } else { true }
    }

    /// Documents are fetched an hour apart, and libcurl 7.88 leaks 80 bytes for each reuse of LDAP's connections.
    private func forgetConnection() -> Bool {
        set(CURLOPT_FRESH_CONNECT, 1) && set(CURLOPT_FORBID_REUSE, 1)
    }

    private func follow(_ redirects: FetchRequest.Redirects) -> Bool {
        let schemes = if case .secureOnly = redirects { "https" } else { "http,https" }
        return set(CURLOPT_REDIR_PROTOCOLS_STR, schemes) && set(CURLOPT_FOLLOWLOCATION, 1)
            && set(CURLOPT_MAXREDIRS, FetchLimits.redirects)
    }

    private func post(_ body: [UInt8]) -> Bool {
        // The size first: it says how much is copied.
        guard set(CURLOPT_POST, 1),
            unsafe poterne_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)) == CURLE_OK
        else { return false }
        return unsafe body.withUnsafeBytes { bytes in
            unsafe poterne_curl_set_bytes(handle, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress) == CURLE_OK
        }
    }

    private func send(_ lines: [String]) -> Bool {
        for line in lines + request.fields.map(\.line) {
            guard let extended = unsafe curl_slist_append(headers, line) else { return false }
            unsafe headers = extended
        }
        return unsafe poterne_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers) == CURLE_OK
    }

    private func takeHeaders() -> Bool {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        return unsafe poterne_curl_set_callback(handle, CURLOPT_HEADERFUNCTION, Transfer.headerCallback) == CURLE_OK
            && poterne_curl_set_pointer(handle, CURLOPT_HEADERDATA, context) == CURLE_OK
    }

    private func conditions(_ validators: Validators?) -> [String] {
        var conditions: [String] = []
        if let tag = validators?.entityTag { conditions.append("If-None-Match: \(tag)") }
        if let date = validators?.lastModified { conditions.append("If-Modified-Since: \(date)") }
        return conditions
    }

    private func set(_ option: CURLoption, _ value: String) -> Bool {
        unsafe poterne_curl_set_string(handle, option, value) == CURLE_OK
    }

    private func set(_ option: CURLoption, _ value: Int) -> Bool {
        unsafe poterne_curl_set_long(handle, option, value) == CURLE_OK
    }

    // libcurl calls these from `curl_multi_perform`, on the fetcher's thread; the fetcher keeps the transfer alive.

    private static let bodyCallback: curl_write_callback = { bytes, size, count, context in
        guard let context = unsafe context else { return 0 }
        let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return unsafe transfer.take(UnsafeBufferPointer(start: bytes, count: size * count))
    }

    private static let headerCallback: curl_write_callback = { bytes, size, count, context in
        guard let context = unsafe context else { return 0 }
        let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        unsafe transfer.takeHeader(UnsafeBufferPointer(start: bytes, count: size * count))
        return size * count
    }

    /// Adds to the body; what libcurl takes as a failure once there is more than the limit.
    private func take(_ bytes: UnsafeBufferPointer<CChar>) -> Int {
        guard bytes.count <= request.limit - body.count else {
            isTooLarge = true
            return 0
        }
        unsafe body.append(contentsOf: bytes.lazy.map { UInt8(bitPattern: $0) })
        return bytes.count
    }

    private func takeHeader(_ bytes: UnsafeBufferPointer<CChar>) {
        guard bytes.count <= FetchLimits.headerLine else { return }
        let line = unsafe String(decoding: bytes.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // The head of another response: the one that redirected does not count.
            validators = Validators()
            return
        }
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return }
        var value = line[line.utf8.index(after: colon)...]
        while let first = value.first, first.isWhitespace { value.removeFirst() }
        while let last = value.last, last.isWhitespace { value.removeLast() }
        guard !value.isEmpty, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return }
        switch line[..<colon].lowercased() {
        case "etag": validators.entityTag = String(value)
        case "last-modified": validators.lastModified = String(value)
        default: break
        }
    }
}
