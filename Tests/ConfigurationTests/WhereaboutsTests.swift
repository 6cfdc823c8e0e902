import Testing

@testable import Configuration

@Suite("Where a running gateway is asked, by a file that cannot be read as a whole")
struct WhereaboutsTests {
    private func found(_ text: String) -> GatewayWhereabouts {
        let errors = ConfigurationErrors(
            file: "conf/p.yaml", diagnostics: [Diagnostic(.error, at: .start, "wrong")], text: text)
        return GatewayWhereabouts(errors, environment: ["PORT": "9901"])
    }

    @Test("both values are taken from between what is wrong")
    func both() {
        let found = found(
            """
            listeneers: [
            state_directory: state   # beside the file
            admin:
              # loopback
              address: "127.0.0.1:${PORT}"
              hsts: [
            """)
        // The fault is in the admin section itself: only the other value is to be had.
        #expect(found.stateDirectory == "conf/state")
        #expect(found.admin == nil)
    }

    @Test("an address is taken with what the environment says, whatever else the section holds")
    func address() {
        let found = found("listeners: }\nadmin:\n  address: \"127.0.0.1:${PORT}\"\n  hsts: 1\nuser: [")
        #expect(found.admin == .tcp(host: "127.0.0.1", port: 9901))
    }

    @Test(
        "nothing is assumed where it is not clearly said",
        arguments: [
            "", "state_directry: state", " state_directory: state", "state_directory:", "admin: 1",
            "state_directory: ${NOWHERE}", "state_directory: one\nstate_directory: other",
        ])
    func nothing(_ text: String) {
        let found = found(text)
        #expect(found.stateDirectory == nil)
        #expect(found.admin == nil)
        #expect(found.errors != nil)
    }
}
