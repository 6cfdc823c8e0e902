"""The gateway, the origin behind it and the floor beneath it, configured for a measurement."""

import shutil
import subprocess

from .processes import Server, free_port

HUNDRED_MIB = 100 << 20
MIB = 1 << 20


class Workshop:
    """Where certificates, configurations and logs of a run lie, and the servers that it has started."""

    def __init__(self, folder, binaries, source):
        self.folder = folder
        self.pki = folder / "pki"
        self.binaries = {path.name if index else "poterne": path for index, path in enumerate(binaries)}
        self.poterne = str(binaries[0] / "poterne")
        self.micro = str(binaries[0] / "Microbenchmarks")
        self.source = source
        self.servers = []

    def make_pki(self):
        self.pki.mkdir(exist_ok=True)
        if not (self.pki / "crl/cut-large-3.crl").exists():
            subprocess.run([self.micro, "pki", str(self.pki)], check=True)

    def serve(self, command, port, name, **options):
        server = Server(command, port, self.folder / f"{name}.log", **options)
        self.servers.append(server)
        return server

    def end(self, server):
        server.end()
        self.servers.remove(server)

    def end_all(self):
        for server in list(self.servers):
            self.end(server)

    def fresh(self, name):
        """An empty folder of the run."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def gateway(self, name, size, key="rsa", upstream=None, tickets=False, keep_state=False, binary="poterne",
                workers=1, environment=None, routes="", top=""):
        """Starts a gateway."""
        crls = self.fresh(f"crl-{name}")
        shutil.copy(self.pki / "crl/root.crl", crls)
        shutil.copy(self.pki / f"crl/organisations-{size}.crl", crls / "organisations.crl")
        state = self.folder / f"state-{name}"
        if not keep_state:
            shutil.rmtree(state, ignore_errors=True)
        state.mkdir(exist_ok=True)
        port = free_port()
        routes += "      - {path: /fixed, respond: {status: 200, body: ok}}\n"
        upstreams = ""
        if upstream:
            routes += "      - {path: /plain/, upstream: origin}\n"
            routes += "      - {path: /, upstream: origin, identity: [igc-sante, rfc9440]}\n"
            upstreams = f'upstreams:\n  origin:\n    servers: [{{address: "127.0.0.1:{upstream}"}}]\n    keepalive: 256\n'
        text = f"""{top}workers: {workers}
state_directory: {state}
trust:
  bench:
    environment: test
    anchors: [{self.pki}/trust/root.pem]
    issuers: [{self.pki}/trust/organisations.pem]
    revocation: {{check: path, files: ["{crls}/"]}}
listeners:
  - name: bench
    address: 127.0.0.1:{port}
    max_connections: 20000
    tls:
      certificates: [{{chain: {self.pki}/server/{key}.pem, key: {self.pki}/server/{key}.key}}]
      session_tickets: {{enabled: {str(tickets).lower()}, lifetime: 1h}}
    client_certificate: {{mode: required, trust: bench, accept: [ORG AUTH_CLI]}}
    http: {{protocols: [h2, http/1.1], max_body_size: off, keepalive_timeout: 10m, max_requests_per_connection: 1000000000}}
    routes:
{routes}{upstreams}logging: {{level: notice, access: {{format: off}}, audit: {{path: /dev/null}}}}
"""
        path = self.folder / f"{name}.yaml"
        path.write_text(text)
        command = [str(self.binaries[binary] / "poterne"), "run", "--config", str(path)]
        return self.serve(command, port, name, env=environment)

    def origin(self):
        """nginx as the upstream: the cheapest one at hand."""
        port = free_port()
        folder = self.fresh("origin")
        for name, size in (("1m", MIB), ("100m", HUNDRED_MIB)):
            with open(folder / name, "wb") as file:
                file.truncate(size)
        config = folder / "nginx.conf"
        config.write_text(f"""daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_requests 1000000000; client_max_body_size 0; sendfile on;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port};
    location /plain/1m {{ alias {folder}/1m; }}
    location /plain/100m {{ alias {folder}/100m; }}
    # Reads the whole body before it answers, which a plain `return` does not.
    location /plain/upload {{ client_body_buffer_size 2m; proxy_pass http://127.0.0.1:{port}/; proxy_method GET;
      proxy_pass_request_body off; proxy_set_header Content-Length ""; }}
    location / {{ return 200 "{'x' * 200}"; }} }} }}
""")
        return self.serve(["nginx", "-c", str(config)], port, "origin").port

    def floor(self, library, key="rsa", tickets=False):
        """OpenSSL alone, doing the handshake that the gateway does; with the whole library or the serving one."""
        program = self.folder / "floor"
        if not program.exists():
            library_source = self.source / "Sources/CServingLibrary"
            subprocess.run(
                ["cc", "-O2", "-o", str(program), "-I", str(library_source / "include"),
                 str(self.source / "benchmarks/floor/floor.c"), str(library_source / "ServingLibrary.c"),
                 "-lssl", "-lcrypto"], check=True)
        port = free_port()
        command = [str(program), str(port), str(self.pki / f"server/{key}.pem"), str(self.pki / f"server/{key}.key"),
                   str(self.pki / "trust/organisations.pem"), library, "tickets" if tickets else "none"]
        return self.serve(command, port, f"floor-{library}-{key}")

    def floor_makers(self):
        if not shutil.which("cc"):
            return {}
        return {"floor": lambda size, upstream, key, tickets: self.floor("whole", key, tickets),
                "floor, serving": lambda size, upstream, key, tickets: self.floor("serving", key, tickets)}
