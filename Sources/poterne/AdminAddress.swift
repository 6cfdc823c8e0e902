import ArgumentParser
import Configuration
import EventLoop

/// The arguments by which a command finds the admin address of the gateway that it asks.
struct AdminAddress: ParsableArguments {
    @Option(help: ArgumentHelp("The gateway's configuration file, for its `admin.address`.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The gateway's admin address itself.", valueName: "address"))
    var admin: String?

    func validate() throws {
        guard (config == nil) != (admin == nil) else {
            throw ValidationError("Give either --config or --admin.")
        }
    }

    /// The address.
    func resolve() throws -> SocketAddress {
        let text: String
        if let admin {
            text = admin
        } else {
            let path = config ?? ""
            let gateway = GatewayWhereabouts(path)
            guard let admin = gateway.admin else {
                if let errors = gateway.errors { throw GatewayWhereabouts.unknown(errors, option: "--admin") }
                throw ValidationError("The configuration has no `admin.address` to ask at.")
            }
            if gateway.errors != nil {
                StandardError.write("warning: \(path) has errors: see poterne check --config \(path)")
            }
            text = "\(admin)"
        }
        guard let address = SocketAddress(parsing: text) else {
            throw ValidationError("\(text) is no IP:PORT, [IPv6]:PORT or unix:PATH: name one with --admin.")
        }
        return address
    }
}
