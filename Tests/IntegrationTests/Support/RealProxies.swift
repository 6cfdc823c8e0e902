import Foundation

/// A running nginx with one server, as an upstream.
final class Nginx {
    static let isInstalled = ListeningProgram.path(of: "nginx") != nil

    let port: UInt16
    private let program: ListeningProgram

    /// Starts one; `PORT` in the server's directives stands for a free port.
    init(_ server: String) throws {
        let folder = try TestFolder()
        let port = try Wire.closedPort()
        self.port = port
        let directives = server.replacing("PORT", with: "\(port)")
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(folder["temporary"]);" }.joined(separator: " ")
        try folder.write(
            """
            daemon off; worker_processes 1; error_log stderr warn; pid \(folder["pid"]);
            events { worker_connections 256; }
            http { access_log off; \(temporary) server { \(directives) } }
            """, to: "nginx.conf")
        program = try ListeningProgram(
            "nginx", ["-p", folder.path, "-e", "stderr", "-c", folder["nginx.conf"]], in: folder
        ) { (try? Wire(port: port)) != nil }
    }

    /// What it said of itself.
    var log: String { program.log }
}

/// A running HAProxy with one frontend, as an upstream.
final class HAProxy {
    static let isInstalled = ListeningProgram.path(of: "haproxy") != nil

    let port: UInt16
    private let program: ListeningProgram

    /// Starts one; `PORT` in the frontend's lines stands for a free port.
    init(_ frontend: String) throws {
        let folder = try TestFolder()
        let port = try Wire.closedPort()
        self.port = port
        try folder.write(
            "defaults\n    mode http\n    timeout connect 5s\n    timeout client 60s\n    timeout server 60s\n"
                + "frontend api\n" + frontend.replacing("PORT", with: "\(port)") + "\n", to: "haproxy.cfg")
        program = try ListeningProgram("haproxy", ["-db", "-f", folder["haproxy.cfg"]], in: folder) {
            (try? Wire(port: port)) != nil
        }
    }

    /// What it said of itself.
    var log: String { program.log }
}
