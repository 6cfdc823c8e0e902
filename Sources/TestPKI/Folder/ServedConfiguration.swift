/// The `poterne.yaml` that serves a generated folder.
func servedConfiguration(for environment: TestPKI.Environment) -> String {
    let isTest = environment == .test
    return """
        # Made with the certificates beside it; made anew with them.
        state_directory: state

        trust:
          igc-sante:
            environment: \(isTest ? "test" : "production")
            anchors: [trust/root.pem]
            issuers: [trust/organisations.pem]
            revocation:
              check: path
              files: [crl/root.crl, crl/organisations.crl, crl/organisations-delta.crl]

        listeners:
          - name: api
            address: "127.0.0.1:\(isTest ? 8443 : 8444)"
            tls:
              certificates:
                - chain: server/fullchain.pem
                  key: server/key.pem
            client_certificate:
              mode: required
              trust: igc-sante
              accept: [ORG AUTH_CLI]
            routes:
              - path: /
                upstream: echo
                identity: [igc-sante, rfc9440]

        upstreams:
          echo:
            servers:
              - address: 127.0.0.1:8081

        admin:
          address: 127.0.0.1:\(isTest ? 9901 : 9902)

        logging:
          access: {path: "-", format: json}

        """
}
