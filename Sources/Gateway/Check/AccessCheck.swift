internal import Configuration
internal import IGCSante

/// Whether the rules of a listener's routes name callers that there can be.
struct AccessCheck {
    let record: CheckRecord
    let configuration: GatewayConfiguration

    func check() {
        for listener in configuration.listeners {
            // Fictitious structures of the test environment have numbers that no register gives out.
            let name = listener.clientCertificate.trust
            guard let trust = name.flatMap({ configuration.trust(named: $0) }), trust.environment == .production else {
                continue
            }
            for route in listener.routes { checkStructures(of: route) }
        }
    }

    private func checkStructures(of route: RouteConfiguration) {
        for rule in route.structures {
            let identifier: StructureIdentifier
            switch rule {
            case .exact(let text): identifier = StructureIdentifier(text)
            case .siren(let number): identifier = StructureIdentifier("2\(number)")
            case .prefix, .type: continue
            }
            guard !identifier.isWellFormed else { continue }
            record.warning(
                route.ruleLocations[AccessRule.structures.rawValue] ?? route.location,
                "\(rule) is no identifier that production certificates have: "
                    + (identifier.type == .other
                        ? "its first digit names no register" : "it has not the form of \(identifier.type.rawValue)"),
                mend: "Compare it with the OU of the caller's certificate: `poterne inspect CERT`.")
        }
    }
}
