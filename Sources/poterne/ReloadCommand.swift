import ArgumentParser
import Gateway

/// `poterne reload`: has a running gateway read its configuration again, and shows what came of it.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Have the running gateway read its configuration again.",
        discussion: """
            Asks the gateway, through control.sock in its state directory, to read the configuration and every file that \
            it names. It takes them whole, without losing a connection, or keeps what is in force; either way its answer \
            is shown: what a reload cannot change, or what is wrong, with file, line and column. What is wrong \
            `poterne check` would have said before.

            SIGHUP does the same, and leaves the answer in the gateway's log.

            Exit codes: 0 when the configuration is in force, 1 when it was refused, 2 when no gateway answers.

            Examples:
              poterne reload --config /etc/poterne/poterne.yaml
              poterne reload --state-directory /var/lib/poterne
            """)

    @OptionGroup var running: RunningGateway

    func run() throws {
        try running.ask { (client) throws(GatewaySilence) in try client.reload() }
    }
}
