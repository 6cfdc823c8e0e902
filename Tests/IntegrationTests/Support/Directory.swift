import Crypto
import Foundation

/// OpenLDAP's `slapd` on loopback, with one entry: a CA as the directory of a PKI has it.
final class Directory {
    /// The programs that it needs.
    private static let programs = ["/usr/sbin/slapd", "/usr/sbin/slapadd", "/usr/bin/ldapmodify"]
    static var isPresent: Bool { programs.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) } }

    /// A failure of one of the programs.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let folder: TestFolder
    private let port: UInt16
    private let process: ChildProcess

    /// Serves these attributes of the entry `cn=AC,c=FR`, by name.
    init(attributes: [String: [UInt8]]) throws {
        folder = try TestFolder()
        try folder.write("", to: "db/.keep")
        let configuration = """
            include /etc/ldap/schema/core.schema
            modulepath /usr/lib/ldap
            moduleload back_mdb
            database mdb
            suffix "c=FR"
            rootdn "cn=admin,c=FR"
            rootpw test
            directory \(folder.path)/db
            access to * by * read

            """
        try folder.write(configuration, to: "slapd.conf")
        var entries = """
            dn: c=FR
            objectClass: country
            c: FR

            dn: cn=AC,c=FR
            objectClass: organizationalRole
            objectClass: pkiCA
            objectClass: deltaCRL
            cn: AC

            """
        for (name, value) in attributes { entries += "\(name):: \(Base64.encode(value.span))\n" }
        try folder.write(entries, to: "entries.ldif")
        let loaded = try run(
            "/usr/sbin/slapadd", ["-q", "-f", folder["slapd.conf"], "-l", folder["entries.ldif"]])
        guard loaded.exitCode == 0 else { throw Failure(description: "slapadd: \(loaded.errors)") }
        let port = try Wire.closedPort()
        self.port = port
        let arguments = ["-f", folder["slapd.conf"], "-h", "ldap://127.0.0.1:\(port)/", "-d", "0"]
        process = try ChildProcess(
            "/usr/sbin/slapd", arguments, output: folder["slapd.log"], errors: folder["slapd.log"])
        try eventually("slapd listens") { (try? Wire(port: port)) != nil }
    }

    deinit { process.kill() }

    /// The URL of an attribute of the entry.
    func url(of attribute: String) -> String {
        "ldap://127.0.0.1:\(port)/cn=AC,c=FR?\(attribute);binary?base?objectClass=pkiCA"
    }

    /// Puts a value in the place of an attribute's.
    func replace(_ attribute: String, with value: [UInt8]) throws {
        let change = """
            dn: cn=AC,c=FR
            changetype: modify
            replace: \(attribute);binary
            \(attribute);binary:: \(Base64.encode(value.span))

            """
        let arguments = ["-x", "-H", "ldap://127.0.0.1:\(port)/", "-D", "cn=admin,c=FR", "-w", "test"]
        let done = try run("/usr/bin/ldapmodify", arguments, input: Array(change.utf8))
        guard done.exitCode == 0 else { throw Failure(description: "ldapmodify: \(done.errors)") }
    }
}
