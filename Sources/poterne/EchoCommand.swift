import ArgumentParser
import EventLoop
import Gateway

/// `poterne echo`: the embedded upstream.
struct EchoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Serve an upstream that answers each request with the request itself.",
        discussion: """
            Answers JSON with the method, the path and the fields as they were received, in order: what an upstream \
            behind the gateway is given. GET /bytes/N answers N bytes. It speaks HTTP/1.1 in the clear and is meant for \
            trials and tests.

            Signals: SIGTERM and SIGINT let the requests in hand end.

            Exit codes: 0 after a signal, 1 when the address cannot be had.

            Examples:
              poterne echo --address 127.0.0.1:8080
            """)

    @Option(help: ArgumentHelp("Where to listen; port 0 lets the kernel choose.", valueName: "host:port"))
    var address = "127.0.0.1:8081"

    func run() throws {
        Signal.block([.terminate, .interrupt])
        Signal.ignoreBrokenPipes()
        let server: EchoServer
        do {
            server = try EchoServer(address: address)
        } catch {
            throw CommandFailure(error)
        }
        print("echo: listening on \(server.address)")
        flushStandardOutput()
        let stopper = SignalStopper { server.stop() }
        try stopper.waitInBackground([.terminate, .interrupt])
        server.wait()
    }
}
