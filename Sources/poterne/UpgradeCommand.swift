import ArgumentParser
import Gateway

/// `poterne upgrade`: has a running gateway start the program that is installed now, and shows what came of it.
struct UpgradeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade",
        abstract: "Have the running gateway start the installed program on its sockets, and end when that serves.",
        discussion: """
            The new process starts with the same arguments, takes over every listening socket, reads its configuration, \
            and serves; only then the old one drains. If the new one fails, or does not serve within two minutes, the \
            old one goes on as if nothing had happened. No connection is refused and no request is lost.

            SIGUSR2 does the same, and leaves the answer in the gateway's log.

            Exit codes: 0 when the new process serves, 1 when it does not and the old one goes on, 2 when no gateway \
            answers.

            Examples:
              poterne upgrade --config /etc/poterne/poterne.yaml
            """)

    @OptionGroup var running: RunningGateway

    func run() throws {
        try running.ask { (client) throws(GatewaySilence) in try client.upgrade() }
    }
}
