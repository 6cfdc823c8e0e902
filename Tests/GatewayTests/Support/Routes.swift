import HTTP
import Trust

@testable import Gateway

/// A route of a test, with a fixed answer; what is not named is as permissive as can be.
func route(
    _ path: String = "/", host: HostPattern = .any, methods: [String] = [], stripPrefix: String = "",
    requestEdits: FieldEdits = .none, responseEdits: FieldEdits = .none
) -> Route {
    Route(
        name: path, host: host, path: Array(path.utf8), methods: methods.map { Array($0.utf8) },
        action: .respond(FixedResponse(status: 204, fields: [], body: [])), needsCertificate: false,
        access: AccessPolicy(), identity: nil, stripPrefix: Array(stripPrefix.utf8), requestEdits: requestEdits,
        responseEdits: responseEdits, timeout: .seconds(60))
}

extension FieldEdits {
    /// The edits of a test.
    init(remove: [String] = [], setting fields: [(String, String)]) {
        let set = fields.compactMap { name, value in
            FieldName(name).map { EditedField(name: $0, value: Array(value.utf8)) }
        }
        self.init(remove: remove, set: set)
    }
}
