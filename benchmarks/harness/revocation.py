"""What a CRL that arrives does to traffic, and to the connections of those whom it revokes."""

import json
import os
import pathlib
import selectors
import shutil
import socket
import ssl
import statistics
import subprocess
import time

median = statistics.median


class Revocation:
    def until_ready(self, server):
        """Seconds from the start until it listens and the CRLs of both CAs are in use."""
        while self.uses(server) < 2:
            if time.monotonic() - server.start > 30:
                raise SystemExit(f"{server.log}: the CRLs are not in use")
            time.sleep(0.002)
        return time.monotonic() - server.start

    def uses(self, server):
        return pathlib.Path(server.log).read_text().count("is in use")

    def swaps(self):
        """A CRL of a million entries takes another one's place under traffic."""
        server = self.workshop.gateway("swap", "1m")
        target = self.workshop.folder / "crl-swap/organisations.crl"
        self.warm_up(server)
        traffic = ["--rate", 100, "-d", 6, "-c", 64, "--path", "/fixed"]
        quiet, disturbed, times, failures = [], [], [], 0
        for number in range(1, 5):
            before = self.load("handshake", server, *traffic)
            quiet.append(before["latencies"]["whole"])
            successor = self.workshop.folder / "successor.crl"
            shutil.copy(self.workshop.pki / f"crl/successor-{number}.crl", successor)
            seen = self.uses(server)
            command = [self.workshop.poterne, "load", "handshake", f"127.0.0.1:{server.port}", "--server-name",
                       "localhost", "--json", "--certificates", str(self.workshop.pki / "load"), "--threads", "1",
                       *map(str, traffic)]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as load:
                time.sleep(2)
                os.rename(successor, target)
                start = time.monotonic()
                while self.uses(server) == seen and time.monotonic() - start < 30:
                    time.sleep(0.005)
                times.append(time.monotonic() - start)
                output, _ = load.communicate(timeout=60)
            during = json.loads(output)
            disturbed.append(during["latencies"]["whole"])
            failures += before["unexpected"] + during["unexpected"]
        self.figures["swap"] = {
            "seconds": median(times),
            "before": {key: median([one[key] for one in quiet]) / 1e6 for key in ("p50", "p99", "max")},
            "during": {key: median([one[key] for one in disturbed]) / 1e6 for key in ("p50", "p99", "max")},
            "failures": failures,
        }

    def cuts(self):
        """An idle connection of a revoked caller ends: how long after the CRL's arrival, and after its use."""
        result = {}
        for label, size, count in (("small", "0", 10), ("large", "1m", 3)):
            server = self.workshop.gateway(f"cut-{label}", size)
            self.until_ready(server)
            callers = [self.idle_caller(server.port, number) for number in range(1, 201)]
            from_rename, from_use = [], []
            for number in range(1, count + 1):
                successor = self.workshop.folder / "successor.crl"
                shutil.copy(self.workshop.pki / f"crl/cut-{label}-{number}.crl", successor)
                os.rename(successor, self.workshop.folder / f"crl-cut-{label}/organisations.crl")
                renamed = time.monotonic()
                used, ended = self.await_end(server, callers[number - 1], self.uses(server))
                from_rename.append(ended - renamed)
                from_use.append(ended - used)
            lost = sum(not self.is_served(caller) for caller in callers[count:])
            result[label] = {"from_rename": from_rename, "from_use": from_use, "lost": lost, "held": len(callers)}
            self.workshop.end_all()
        self.figures["cut"] = result

    def idle_caller(self, port, number):
        """A keep-alive connection of one caller, over which one request was answered."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.workshop.pki / "trust/root.pem")
        context.load_cert_chain(self.workshop.pki / f"load/client-{number:06d}.pem", self.workshop.pki / "load/client.key")
        connection = context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=30),
                                         server_hostname="localhost")
        if not self.is_served(connection):
            raise SystemExit(f"caller {number} is not served")
        return connection

    def is_served(self, connection):
        try:
            connection.sendall(b"GET /fixed HTTP/1.1\r\nHost: localhost\r\n\r\n")
            return connection.recv(65536).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def has_ended(self, connection):
        try:
            return connection.recv(1) == b""
        except ssl.SSLWantReadError:
            return False
        except OSError:
            return True

    def await_end(self, server, connection, seen):
        """When the log said that one more CRL is in use, and when the connection ended: to a millisecond."""
        size, used = os.stat(server.log).st_size, None
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                ended = bool(selector.select(0.001)) and self.has_ended(connection)
                now = time.monotonic()
                if used is None and os.stat(server.log).st_size != size and self.uses(server) > seen:
                    used = now
                if ended:
                    connection.close()
                    return now if used is None else used, now
        raise SystemExit("the revoked caller's connection does not end")
