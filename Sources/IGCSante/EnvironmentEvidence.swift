extension Classification {
    /// What of a certificate tells its environment.
    public enum EnvironmentSource: String, CaseIterable, Sendable {
        /// The issuer: an official CA, or a name that begins with TEST.
        case issuer
        /// The policy.
        case policy
        /// The highest bit of the category of product.
        case productCategory = "product category"

        static func list(_ sources: Set<EnvironmentSource>) -> String {
            let names = allCases.filter(sources.contains).map(\.rawValue)
            return names.joined(separator: " and ") + (names.count == 1 ? " is" : " are")
        }
    }
}

/// What was seen of a certificate's environment so far.
struct EnvironmentEvidence {
    private var test: Set<Classification.EnvironmentSource> = []
    private var production: Set<Classification.EnvironmentSource> = []

    /// Takes what a source says; nothing when it does not say.
    mutating func note(_ environment: Environment?, from source: Classification.EnvironmentSource) {
        switch environment {
        case .test: test.insert(source)
        case .production: production.insert(source)
        case nil: break
        }
    }

    /// The environment when something tells it and nothing contradicts.
    var agreed: Environment? {
        switch (test.isEmpty, production.isEmpty) {
        case (false, true): .test
        case (true, false): .production
        case (true, true), (false, false): nil
        }
    }

    /// The contradiction, when there is one.
    var disagreement: Classification.Reason? {
        test.isEmpty || production.isEmpty ? nil : .environmentsDisagree(test: test, production: production)
    }
}
