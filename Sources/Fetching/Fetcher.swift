internal import CLibcurl
internal import Glibc

/// Fetches from network sources, several at a time, on one thread: owns a multi handle of libcurl.
@safe
package final class Fetcher {
    private let multi: UnsafeMutableRawPointer
    /// By the tag that the caller gave, so that each tag is fetched once at a time.
    private var transfers: [Int: Transfer] = [:]

    /// Makes a fetcher.
    ///
    /// The corresponding C function is `curl_multi_init`.
    package init() throws(FetchError) {
        guard let multi = unsafe curl_multi_init() else { throw .unavailable }
        unsafe self.multi = unsafe multi
    }

    deinit {
        for transfer in transfers.values { unsafe curl_multi_remove_handle(multi, transfer.handle) }
        unsafe curl_multi_cleanup(multi)
    }

    /// Whether nothing is being fetched.
    package var isIdle: Bool { transfers.isEmpty }

    /// Begins a transfer, unless the tag has one already.
    ///
    /// The corresponding C function is `curl_multi_add_handle`.
    package func start(_ request: FetchRequest, tag: Int) throws(FetchError) {
        guard transfers[tag] == nil else { return }
        let transfer = try Transfer(request)
        guard unsafe curl_multi_add_handle(multi, transfer.handle) == CURLM_OK else { throw .unavailable }
        transfers[tag] = transfer
    }

    /// Waits until a transfer can go on, the descriptor can be read, or the time is over.
    ///
    /// The corresponding C function is `curl_multi_poll`.
    package func wait(orFor descriptor: Int32, milliseconds: Int32) {
        var wake = curl_waitfd(fd: descriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        guard unsafe curl_multi_poll(multi, &wake, 1, milliseconds, nil) != CURLM_OK else { return }
        // Never in a tight circle, whatever the library cannot do.
        var plain = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&plain, 1, milliseconds)
    }

    /// Lets transfers go on as far as they can, and hands back those that ended.
    ///
    /// The corresponding C functions are `curl_multi_perform` and `curl_multi_info_read`.
    package func advance() -> [(tag: Int, outcome: FetchOutcome)] {
        var running: Int32 = 0
        unsafe curl_multi_perform(multi, &running)
        var outcomes: [(tag: Int, outcome: FetchOutcome)] = []
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle,
                let (tag, transfer) = transfers.first(where: { unsafe $0.value.handle == handle })
            else { continue }
            // The message is gone once its handle is removed.
            let code = unsafe message.pointee.data.result
            unsafe curl_multi_remove_handle(multi, handle)
            transfers[tag] = nil
            outcomes.append((tag, transfer.outcome(code)))
        }
        return outcomes
    }

    /// Makes libcurl ready, once in a process and before any other thread is started.
    ///
    /// The corresponding C function is `curl_global_init`.
    package static func prepareProcess() {
        curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    }
}
