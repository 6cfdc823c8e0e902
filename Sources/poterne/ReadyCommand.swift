import ArgumentParser
import Gateway

/// `poterne ready`: whether a running gateway serves callers.
struct ReadyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ready",
        abstract: "Say whether the running gateway is ready to serve.",
        discussion: """
            Asks /readyz at the gateway's admin address, and shows what is missing: a CRL, or that it drains. For health \
            checks where there is no other client, in a container for instance, and for scripts that wait.

            Exit codes: 0 when it is ready, 1 when it is not, 2 when no gateway answers.

            Examples:
              poterne ready --config /etc/poterne/poterne.yaml
              poterne ready --admin 127.0.0.1:9901
              until poterne ready --admin unix:/run/poterne/admin.sock; do sleep 1; done
            """)

    @OptionGroup var gateway: AdminAddress

    func run() throws {
        let client = AdminClient(address: try gateway.resolve())
        try GatewayAnswer.show(client.readiness)
    }
}
