internal import CNGHTTP2
internal import HTTP

/// Makes nghttp2's sessions, with our callbacks and options.
@safe
enum SessionHandle {
    enum Role { case server, client }

    static func make(_ role: Role, limits: HTTP2Limits) throws(HTTP2Error) -> OpaquePointer {
        var callbacks: OpaquePointer?
        var options: OpaquePointer?
        defer {
            unsafe nghttp2_session_callbacks_del(callbacks)
            unsafe nghttp2_option_del(options)
        }
        guard unsafe nghttp2_session_callbacks_new(&callbacks) == 0, unsafe nghttp2_option_new(&options) == 0,
            let callbacks = unsafe callbacks, let options = unsafe options
        else { throw .library(NGHTTP2_ERR_NOMEM.rawValue) }
        unsafe SessionCallbacks.install(in: callbacks)
        unsafe set(options, limits)
        var handle: OpaquePointer?
        let code =
            switch role {
            case .server: unsafe nghttp2_session_server_new2(&handle, callbacks, nil, options)
            case .client: unsafe nghttp2_session_client_new2(&handle, callbacks, nil, options)
            }
        guard code == 0, let handle = unsafe handle else { throw .library(code) }
        let settled = unsafe submitSettings(handle, role, limits)
        guard settled == 0 else {
            unsafe nghttp2_session_del(handle)
            throw .library(settled)
        }
        return unsafe handle
    }

    private static func set(_ options: OpaquePointer, _ limits: HTTP2Limits) {
        // Windows are given back as the content is consumed, which is what makes back-pressure.
        unsafe nghttp2_option_set_no_auto_window_update(options, 1)
        unsafe nghttp2_option_set_max_continuations(options, max(limits.continuations, 1))
        unsafe nghttp2_option_set_max_settings(options, max(limits.settingsEntries, 1))
        unsafe nghttp2_option_set_max_outbound_ack(options, max(limits.acknowledgements, 1))
        // The library's memory of closed streams serves priorities only, which are not used.
        unsafe nghttp2_option_set_no_closed_streams(options, 1)
        // Ours is stricter and knows of streams that end well; the library's must not answer first.
        unsafe nghttp2_option_set_stream_reset_rate_limit(options, UInt64(Int32.max), UInt64(Int32.max))
    }

    private static func submitSettings(_ handle: OpaquePointer, _ role: Role, _ limits: HTTP2Limits) -> Int32 {
        var entries = [
            entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, UInt32(clamping: limits.streamWindow)),
            entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, UInt32(clamping: limits.message.head)),
        ]
        switch role {
        case .server:
            entries.append(entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.concurrentStreams))
            // RFC 9218 §2.1: the priorities of RFC 7540 are not used.
            entries.append(entry(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1))
        case .client:
            entries.append(entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0))
        }
        let none = UInt8(NGHTTP2_FLAG_NONE.rawValue)
        let code = unsafe nghttp2_submit_settings(handle, none, entries, entries.count)
        guard code == 0 else { return code }
        return unsafe nghttp2_session_set_local_window_size(handle, none, 0, max(limits.connectionWindow, 65_535))
    }

    private static func entry(_ setting: nghttp2_settings_id, _ value: UInt32) -> nghttp2_settings_entry {
        nghttp2_settings_entry(settings_id: Int32(setting.rawValue), value: value)
    }
}
