import ArgumentParser
import Configuration
import EventLoop
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

    @Option(help: ArgumentHelp("The gateway's configuration file, for its `admin.address`.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The gateway's admin address itself.", valueName: "address"))
    var admin: String?

    func validate() throws {
        guard (config == nil) != (admin == nil) else {
            throw ValidationError("Give either --config or --admin.")
        }
    }

    func run() throws {
        let client = ReadinessClient(address: try address())
        try GatewayAnswer.show(client.ask)
    }

    private func address() throws -> SocketAddress {
        let text: String
        if let admin {
            text = admin
        } else {
            let configuration = try GatewayConfiguration.ofRunningGateway(config ?? "")
            guard let admin = configuration.admin else {
                throw ValidationError("The configuration has no `admin.address` to ask at.")
            }
            text = "\(admin.address)"
        }
        guard let address = SocketAddress(parsing: text) else {
            throw ValidationError("\(text) is no IP:PORT, [IPv6]:PORT or unix:PATH: name one with --admin.")
        }
        return address
    }
}
