internal import EventLoop

/// The embedded upstream as a server of its own: one worker, in the clear, that echoes every request.
public struct EchoServer: Sendable {
    private let server: LocalServer

    /// Where it listens, with the port that the kernel chose.
    public var address: String { server.address }

    /// Binds `address`, `HOST:PORT` or `unix:PATH`, and serves on a thread of its own.
    ///
    /// - Throws: `StartupProblem` when the address cannot be had.
    public init(address text: String) throws(StartupProblem) {
        guard let address = SocketAddress(parsing: text) else {
            throw StartupProblem(
                location: nil, message: "\(text) is not an address", remedy: "Give HOST:PORT with an IP address.")
        }
        server = try LocalServer(.echo, name: "echo", on: address)
    }

    /// Waits for the end of the server.
    public func wait() {
        server.wait()
    }

    /// Lets exchanges end, and ends.
    public func stop() {
        server.stop()
    }
}
