"""What the rules of a route cost a request."""

import base64
import hashlib
import json
import re
import statistics
import subprocess
import time

median = statistics.median


def run(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, **options).stdout


def encode(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


class Policy:
    def bound_token(self, certificate):
        """A token for one caller's certificate, signed with ES256; the issuer's key set is `keys.json`."""
        folder = self.workshop.folder
        key = folder / "issuer.pem"
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", str(key))
        point = run("openssl", "pkey", "-in", str(key), "-pubout", "-outform", "DER")[-64:]
        keys = {"keys": [{"kty": "EC", "crv": "P-256", "kid": "1", "x": encode(point[:32]), "y": encode(point[32:])}]}
        (folder / "keys.json").write_text(json.dumps(keys))
        leaf = run("openssl", "x509", "-in", str(certificate), "-outform", "DER")
        claims = {"iss": "https://as.example", "aud": "https://api.example", "exp": int(time.time()) + 36_000,
                  "scope": "system/Patient.read system/Observation.read", "client_id": "client-7",
                  "cnf": {"x5t#S256": encode(hashlib.sha256(leaf).digest())}}
        parts = [encode(json.dumps(part).encode()) for part in ({"alg": "ES256", "typ": "at+jwt", "kid": "1"}, claims)]
        der = run("openssl", "dgst", "-sha256", "-sign", str(key), input=".".join(parts).encode())
        numbers, place = b"", 2
        for _ in range(2):
            length = der[place + 1]
            numbers += der[place + 2:place + 2 + length].lstrip(b"\0").rjust(32, b"\0")
            place += 2 + length
        return ".".join(parts + [encode(numbers)])

    def enrolment(self, certificate):
        """A list of a thousand callers, of which the last is the one that calls."""
        subject = run("openssl", "x509", "-in", str(certificate), "-noout", "-subject", "-nameopt", "multiline,utf8")
        names = dict(re.findall(r"(\w+)\s+= (.*)", subject.decode()))
        lines = ["structure,name,client_id"] + [f"10B{number:07},client,{number}" for number in range(1000)]
        lines.append(f"{names['organizationalUnitName']},{names['commonName']},me")
        (self.workshop.folder / "callers.csv").write_text("\n".join(lines) + "\n")

    def policy(self):
        """Keep-alive requests on a route with every rule, and on one without: CPU of the gateway."""
        folder = self.workshop.folder
        caller = sorted((self.workshop.pki / "load").glob("*.pem"))[0]
        token = self.bound_token(caller)
        self.enrolment(caller)
        rules = (f'structures: ["0*", "1*", "2*", "3*", "4*"], callers_file: {folder}/callers.csv, '
                 "token_binding: required, token_issuer: as, "
                 "rate_limit: {requests: 1000000, per: 1s, by: certificate}")
        routes = (f"      - {{path: /ruled/, upstream: origin, identity: [igc-sante], {rules}}}\n"
                  "      - {path: /open/, upstream: origin, identity: [igc-sante]}\n")
        issuers = (f"token_issuers:\n  as: {{jwks: {folder}/keys.json, issuer: https://as.example, "
                   "audience: https://api.example}\n")
        server = self.workshop.gateway("policy", "0", upstream=self.workshop.origin(), routes=routes, top=issuers)
        micros = {"/open/": [], "/ruled/": []}
        for number in range(self.options.rounds + 1):
            for path in sorted(micros, reverse=bool(number % 2)):
                report = self.load("request", server, "-d", self.options.seconds, "-c", 16, "--path", path, "-H",
                                   f"Authorization: Bearer {token}", "--certificates", caller, "--key",
                                   self.workshop.pki / "load/client.key")
                # The first round fills caches and pools.
                if number and not report["unexpected"]:
                    micros[path].append(1e6 / report["cpu"]["responsesPerServerSecond"])
        self.figures["policy"] = {
            "open": median(micros["/open/"]), "ruled": median(micros["/ruled/"]),
            "rounds": micros, "ratio": median([b / a for a, b in zip(micros["/open/"], micros["/ruled/"])])}
        self.workshop.end_all()
