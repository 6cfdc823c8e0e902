import Crypto
import Glibc
import LoopbackHTTP

/// OpenLDAP's `slapd` on loopback, with one entry: a CA as the directory of a PKI has it.
final class DirectoryServer {
    static let program = "/usr/sbin/slapd"
    static var isPresent: Bool { unsafe access(program, X_OK) == 0 && access("/usr/sbin/slapadd", X_OK) == 0 }

    let url: String
    private let folder: TemporaryFolder
    private let process: pid_t

    // The attributes are of the entry cn=AC ESSAI,c=FR, by name.
    init(attributes: [String: [UInt8]]) throws {
        folder = try TemporaryFolder()
        try folder.folder("db")
        let configuration = """
            include /etc/ldap/schema/core.schema
            modulepath /usr/lib/ldap
            moduleload back_mdb
            database mdb
            suffix "c=FR"
            directory \(folder.path)/db
            access to * by * read
            """
        try folder.write(Array("\(configuration)\n".utf8), to: "slapd.conf")
        var entry = """
            dn: c=FR
            objectClass: country
            c: FR

            dn: cn=AC ESSAI,c=FR
            objectClass: organizationalRole
            objectClass: pkiCA
            objectClass: deltaCRL
            cn: AC ESSAI

            """
        for (name, value) in attributes { entry += "\(name):: \(Base64.encode(value.span))\n" }
        try folder.write(Array(entry.utf8), to: "entry.ldif")
        let file = "\(folder.path)/slapd.conf"
        let loading = try Self.spawn(["/usr/sbin/slapadd", "-q", "-f", file, "-l", "\(folder.path)/entry.ldif"])
        var status: Int32 = 0
        guard unsafe waitpid(loading, &status, 0) == loading, status == 0 else {
            throw TemporaryFolder.Failure(call: "slapadd")
        }
        let port = try Self.freePort()
        process = try Self.spawn([Self.program, "-f", file, "-h", "ldap://127.0.0.1:\(port)/", "-d", "0"])
        url = "ldap://127.0.0.1:\(port)"
        guard Self.answers(port) else {
            stop()
            throw TemporaryFolder.Failure(call: "slapd")
        }
    }

    func stop() {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    private static func spawn(_ arguments: [String]) throws -> pid_t {
        var process = pid_t()
        var pointers: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { unsafe free($0) } }
        guard let program = arguments.first, unsafe posix_spawn(&process, program, nil, nil, &pointers, environ) == 0
        else { throw TemporaryFolder.Failure(call: "posix_spawn") }
        return process
    }

    /// A port that the kernel has just found to be free.
    private static func freePort() throws -> UInt16 {
        let server = try LoopbackServer { _, _ in .silence }
        server.stop()
        return server.port
    }

    /// Whether something listens on a port within some ten seconds.
    private static func answers(_ port: UInt16) -> Bool {
        for _ in 0..<500 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            address.sin_port = port.bigEndian
            let connected = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if connected { return true }
            poll(nil, 0, 20)
        }
        return false
    }
}
