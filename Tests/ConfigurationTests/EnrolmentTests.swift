import Testing

@testable import Configuration

@Suite("Enrolment lists")
struct EnrolmentTests {
    /// What is wrong with a text, as `line:column: message`.
    private static func faults(_ text: String, _ file: String) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try EnrolmentList.parse(text, file: file)
            return []
        } catch {
            return error.diagnostics.map { "\($0.location): \($0.message)" }
        }
    }

    private static let yaml = """
        - {structure: "10B0221636", name: INSI-AUTO, client_id: "17"}
        - structure: 318751275100020
          name: "PAY \\"UFO\\" ${HOME}"
        - {subject: "CN=INSI-MANU, OU=10B0221636,O=CENTRE,ST=Rhône (69),C=FR", client_id: b}
        """

    private static let csv = """
        client_id;structure;name;subject\r
        17;10B0221636;INSI-AUTO;\r
        ;318751275100020;"PAY ""UFO"" ${HOME}";\r

        b;;;CN=INSI-MANU,OU=10B0221636,O=CENTRE,ST=Rh\\C3\\B4ne (69),C=FR
        """

    @Test("are the same in YAML and in CSV", arguments: [(yaml, "callers.yaml"), ("\u{FEFF}" + csv, "callers.CSV")])
    func formats(text: String, file: String) throws {
        let entries = try EnrolmentList.parse(text, file: file).entries
        #expect(
            entries.map(\.identity) == [
                .client(structure: "10B0221636", name: "INSI-AUTO"),
                .client(structure: "318751275100020", name: "PAY \"UFO\" ${HOME}"),
                .subject("CN=INSI-MANU,OU=10B0221636,O=CENTRE,ST=Rh\\C3\\B4ne (69),C=FR"),
            ])
        #expect(entries.map(\.clientID) == ["17", nil, "b"])
        #expect(entries.map(\.location.line) == (file.hasSuffix("CSV") ? [2, 3, 5] : [1, 2, 4]))
    }

    static let refused: [(String, String, [String])] = [
        ("callers.yaml", "", ["1:1: the file is empty"]),
        ("callers.csv", "", ["1:1: the file is empty"]),
        ("callers.yaml", "a: b", ["1:1: expected a list of callers, found a mapping"]),
        ("callers.yaml", "- x", ["1:3: expected a mapping of structure and name, or of subject"]),
        ("callers.yaml", "- {structure: \"1\"}", ["1:3: \"name\" is missing"]),
        ("callers.yaml", "- {name: x}", ["1:3: \"structure\" is missing"]),
        ("callers.yaml", "- {structure: \"1\", name: x, id: y}", ["1:29: unknown key \"id\""]),
        (
            "callers.yaml", "- {structure: \"1\", name: x}\n- {structure: \"1\", name: x}",
            ["2:3: this caller is enrolled already, at line 1"]
        ),
        (
            "callers.yaml", "- {structure: \"1\", name: x, client_id: a}\n- {structure: \"1\", name: x}",
            ["2:3: this caller is enrolled with client_id \"a\" at line 1"]
        ),
        (
            "callers.yaml",
            "- {subject: \"CN=x,OU=1,C=FR\", client_id: a}\n- {structure: \"1\", name: x, client_id: b}",
            ["2:3: this caller is enrolled with client_id \"a\" at line 1"]
        ),
        (
            "callers.yaml", "- {structure: \"1\", name: x}\n- {subject: \"CN = x, OU = 1, C = FR\"}",
            ["2:3: this caller is enrolled already, at line 1"]
        ),
        (
            "callers.yaml", "- {subject: \"CN=x,C=FR\"}\n- {subject: \"cn=x, c=FR\"}",
            ["2:3: this caller is enrolled already, at line 1"]
        ),
        (
            "callers.yaml", "- {subject: \"C=FR,O=y,CN=x\"}",
            ["1:13: \"subject\": the most specific name comes first"]
        ),
        ("callers.yaml", "- {subject: \"x\"}", ["1:13: \"subject\": expected TYPE=VALUE, found \"x\""]),
        ("callers.yaml", "- {subject: \"CN=a;b\"}", ["1:13: \"subject\": \";\" within a value"]),
        ("callers.yaml", "- {subject: 'CN=\\C3'}", ["1:13: \"subject\": an escaped value is not UTF-8"]),
        (
            "callers.yaml", "- {subject: \"CN=x\", structure: \"1\", name: x}",
            ["1:13: a caller is known by its subject, or by structure and name, not by both"]
        ),
        (
            "callers.yaml", "- {structure: \"1\", name: \"a\\nb\"}",
            ["1:26: \"name\": control characters are not allowed"]
        ),
        ("callers.yaml", "- {structure: \"1\", name: \" a\"}", ["1:26: \"name\": begins or ends with a space"]),
        ("callers.csv", "structure,name,id\n1,2,3", ["1:16: unknown column \"id\""]),
        ("callers.csv", "name,name\n1,2", ["1:6: the column \"name\" is there twice"]),
        ("callers.csv", "structure,name\n1,2,3", ["2:1: 3 fields where the first line names 2 columns"]),
        ("callers.csv", "structure,name\n1,\"2", ["2:3: a quote that is not closed"]),
        ("callers.csv", "structure,name\n1,\"2\"3", ["2:6: text behind a closing quote"]),
        ("callers.csv", "structure,name\n1,2\n\n1,2", ["4:1: this caller is enrolled already, at line 2"]),
        ("callers.txt", "x", ["1:1: the name of an enrolment list ends in .yaml, .yml or .csv"]),
    ]

    @Test("say what is wrong with them, and where", arguments: refused)
    func refusals(file: String, text: String, faults: [String]) {
        #expect(Self.faults(text, file) == faults)
    }

    @Test("hold a hundred thousand callers, and no more")
    func bounds() throws {
        func csv(_ count: Int) -> String {
            "structure,name,client_id\n" + (0..<count).map { "3\($0),app,\($0)" }.joined(separator: "\n")
        }
        #expect(try EnrolmentList.parse(csv(100_000), file: "callers.csv").entries.count == 100_000)
        #expect(Self.faults(csv(100_001), "callers.csv") == ["100002:1: more than 100000 callers"])
    }

    @Test(
        "take a subject in whatever of its spellings for the one that certificates are printed in",
        arguments: [
            ("CN=a\\,b+GN=\\20x\\ ,C=FR", "CN=a\\,b+GN=\\ x\\ ,C=FR"), ("cn = é , o=\\#a", "CN=\\C3\\A9,O=\\#a"),
            ("CN=#0c0161", "CN=#0C0161"), ("1.2.3=#04", "1.2.3=#04"), ("SN=X+CN=30B0057881/CPET0002", nil),
            ("CN=x\\2Cy,serialnumber=1", "CN=x\\,y,serialNumber=1"),
        ] as [(String, String?)])
    func subjects(written: String, form: String?) throws {
        #expect(try SubjectForm(written).text == form ?? written)
    }
}
