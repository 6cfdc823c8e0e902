import Foundation

/// A running nginx with one server, as an upstream.
final class Nginx {
    static let isInstalled = (try? run("nginx", ["-v"]))?.exitCode == 0

    let port: UInt16
    private let process: ChildProcess
    private let folder: TestFolder

    /// Starts one; `PORT` in the server's directives stands for a free port.
    init(_ server: String) throws {
        let folder = try TestFolder()
        self.folder = folder
        port = try Wire.closedPort()
        let directives = server.replacing("PORT", with: "\(port)")
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(folder["temporary"]);" }.joined(separator: " ")
        try folder.write(
            """
            daemon off; worker_processes 1; error_log stderr warn; pid \(folder["pid"]);
            events { worker_connections 256; }
            http { access_log off; \(temporary) server { \(directives) } }
            """, to: "nginx.conf")
        process = try ChildProcess(
            "nginx", ["-p", folder.path, "-e", folder["error.log"], "-c", folder["nginx.conf"]],
            output: folder["output"], errors: folder["errors"])
        let (process, port) = (process, port)
        try eventually("nginx listens") {
            guard process.isRunning else { throw Gateway.CannotServe(log: folder.text("errors")) }
            return (try? Wire(port: port)) != nil
        }
    }

    deinit {
        // Its worker goes with it.
        process.send(SIGTERM)
        _ = try? process.wait(within: 10)
    }

    /// What it said of itself.
    var log: String { folder.text("errors") + folder.text("error.log") }
}

/// A running HAProxy with one frontend, as an upstream.
final class HAProxy {
    static let isInstalled = (try? run("haproxy", ["-v"]))?.exitCode == 0

    let port: UInt16
    private let process: ChildProcess
    private let folder: TestFolder

    /// Starts one; `PORT` in the frontend's lines stands for a free port.
    init(_ frontend: String) throws {
        let folder = try TestFolder()
        self.folder = folder
        port = try Wire.closedPort()
        try folder.write(
            "defaults\n    mode http\n    timeout connect 5s\n    timeout client 60s\n    timeout server 60s\n"
                + "frontend api\n" + frontend.replacing("PORT", with: "\(port)") + "\n", to: "haproxy.cfg")
        process = try ChildProcess(
            "haproxy", ["-db", "-f", folder["haproxy.cfg"]], output: folder["output"], errors: folder["errors"])
        let (process, port) = (process, port)
        try eventually("HAProxy listens") {
            guard process.isRunning else { throw Gateway.CannotServe(log: folder.text("errors")) }
            return (try? Wire(port: port)) != nil
        }
    }

    /// What it said of itself.
    var log: String { folder.text("errors") + folder.text("output") }
}
