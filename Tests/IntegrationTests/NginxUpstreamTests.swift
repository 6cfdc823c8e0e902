import Foundation
import Testing

extension Integration {
    /// A server that others wrote, behind the gateway: what the tests' own upstreams and the gateway agree on by mistake
    /// shows here.
    @Suite("nginx as upstream", .enabled(if: Nginx.isInstalled, "nginx is not installed"))
    struct NginxUpstreamTests {
        private static let protocols = [["--http1.1"], ["--http2"]]

        private func gateway(_ nginx: FileNginx) throws -> Gateway {
            var setup = Setup(upstream: 1)
            setup.workers = 1
            setup.http = ["protocols: [h2, http/1.1]", "max_body_size: 100MiB"]
            setup.upstreams = ["app: {servers: [{address: \"unix:\(nginx.socket)\"}]}"]
            return try Gateway(setup)
        }

        @Test("files, HEAD, 304 and ranges pass as nginx sends them, on one connection", arguments: protocols)
        func files(_ version: [String]) throws {
            let nginx = try FileNginx()
            let gateway = try gateway(nginx)
            let whole = try Curl(gateway, "/file.txt", version)
            #expect(whole.status == 200, "\(whole.errors)")
            #expect(whole.text == FileNginx.text)
            #expect(whole.fields["Content-Length"] == "\(FileNginx.text.utf8.count)")
            let tag = try #require(whole.fields["ETag"])
            let head = try Curl(gateway, "/file.txt", version + ["--head"])
            #expect(head.status == 200)
            #expect(head.fields["Content-Length"] == "\(FileNginx.text.utf8.count)")
            let unchanged = try Curl(gateway, "/file.txt", version + ["-H", "If-None-Match: \(tag)"])
            #expect(unchanged.status == 304)
            #expect(unchanged.body.isEmpty)
            let range = try Curl(gateway, "/file.txt", version + ["--range", "2-4"])
            #expect(range.status == 206)
            #expect(range.text == String(FileNginx.text.dropFirst(2).prefix(3)))
            #expect(try Curl(gateway, "/missing", version).status == 404)
            // What has no content leaves the connection usable: nginx saw one for all of it.
            #expect(Set(nginx.connections).count == 1, "\(nginx.connections)")
            #expect(nginx.connections.count == 5)
        }

        @Test("chunked responses pass whole", arguments: protocols)
        func chunked(_ version: [String]) throws {
            let nginx = try FileNginx()
            let gateway = try gateway(nginx)
            let call = try Curl(gateway, "/composed.txt", version)
            #expect(call.status == 200, "\(call.errors)")
            #expect(call.text == "before \(FileNginx.text) after")
            #expect(call.fields["Content-Length"] == nil)
        }

        @Test(
            "large bodies pass both ways unharmed, with a length, chunked, and after 100 (Continue)",
            arguments: [
                ["--http1.1"], ["--http1.1", "-H", "Expect:"], ["--http1.1", "-H", "Transfer-Encoding: chunked"],
                ["--http2"],
            ])
        func largeBodies(_ arguments: [String]) throws {
            let nginx = try FileNginx()
            let gateway = try gateway(nginx)
            let body = (0..<20_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
            let folder = try TestFolder()
            try folder.write(body, to: "body")
            let put = try Curl(gateway, "/stored/large", arguments + ["--upload-file", folder["body"]])
            #expect(put.status == 201, "\(put.errors) \(put.text)")
            let version = arguments[0]
            let back = try Curl(gateway, "/stored/large", [version])
            #expect(back.status == 200, "\(back.errors)")
            #expect(back.body == body)
        }

        @Test("a server that ends idle connections costs no request")
        func idleConnections() throws {
            let nginx = try FileNginx(requestsPerConnection: 3)
            let gateway = try gateway(nginx)
            let caller = try gateway.caller()
            for _ in 0..<20 { #expect(try caller.exchange("GET", "/file.txt").text == FileNginx.text) }
            #expect(Set(nginx.connections).count == 7)
        }
    }
}

/// A running nginx with a folder of its own, on a Unix socket.
private final class FileNginx {
    static let text = "0123456789 from nginx"

    let folder: TestFolder
    private let program: ListeningProgram

    var socket: String { folder["nginx.sock"] }

    /// The number of the connection of each request, in order.
    var connections: [String] { folder.text("connections.log").split(separator: "\n").map(String.init) }

    init(requestsPerConnection: Int = 1000) throws {
        folder = try TestFolder()
        try folder.write(Self.text, to: "www/file.txt")
        try folder.write("before <!--# include virtual=\"/file.txt\" --> after", to: "www/composed.txt")
        try folder.write("", to: "www/stored/.keep")
        try folder.write(Self.configuration(folder, requestsPerConnection), to: "nginx.conf")
        let (folder, socket) = (folder, folder["nginx.sock"])
        program = try ListeningProgram(
            "nginx", ["-p", folder.path, "-e", "stderr", "-c", folder["nginx.conf"]], in: folder
        ) { FileManager.default.fileExists(atPath: socket) }
    }

    private static func configuration(_ folder: TestFolder, _ requests: Int) -> String {
        """
        daemon off;
        master_process off;
        pid \(folder["nginx.pid"]);
        error_log stderr;
        events {}
        http {
            log_format connections '$connection';
            access_log \(folder["connections.log"]) connections;
            client_body_temp_path \(folder["temporary"]);
            proxy_temp_path \(folder["temporary"]);
            fastcgi_temp_path \(folder["temporary"]);
            uwsgi_temp_path \(folder["temporary"]);
            scgi_temp_path \(folder["temporary"]);
            client_max_body_size 0;
            keepalive_requests \(requests);
            server {
                listen unix:\(folder["nginx.sock"]);
                root \(folder["www"]);
                location = /composed.txt { ssi on; ssi_types *; }
                location /stored/ { dav_methods PUT; }
            }
        }
        """
    }
}
