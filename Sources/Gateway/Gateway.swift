public import Configuration
public import Logging

/// A gateway: reads what its configuration names, binds, and serves until it is told to stop.
public struct Gateway {
    private let control: ControlThread

    /// Prepares a gateway: reads every file that the configuration names and checks them against each other.
    ///
    /// Nothing is bound yet.
    /// - Parameters:
    ///   - configuration: what to serve.
    ///   - launch: how the process was started, for upgrades and for what was passed to it.
    ///   - log: the operator's log.
    ///   - operatorLog: where that goes, if not to standard error.
    ///   - logStyle: how access and audit lines look.
    ///   - reload: reads the configuration again, for SIGHUP.
    /// - Throws: `StartupProblem`, naming the line of the configuration.
    public init(
        _ configuration: GatewayConfiguration, launch: Launch, log: Logger, operatorLog: OperatorLog? = nil,
        logStyle: LogStyle = .configured,
        reload: @escaping () throws(ConfigurationErrors) -> GatewayConfiguration
    ) throws(StartupProblem) {
        control = try ControlThread(
            configuration, launch: launch, logStyle: logStyle, reload: reload, log: log, operatorLog: operatorLog)
    }

    /// Binds, starts the workers and serves until SIGTERM or SIGINT has drained them, or another process has taken over.
    ///
    /// - Parameter ready: called when callers are accepted, with each listener's name and bound address.
    /// - Throws: `StartupProblem` when an address cannot be had.
    public func run(ready: ([(listener: String, address: String)]) -> Void) throws(StartupProblem) {
        try control.run(ready: ready)
    }
}
