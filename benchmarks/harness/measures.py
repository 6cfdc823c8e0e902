"""What is measured, and how: every method adds its figures to `figures`."""

import json
import statistics
import subprocess
import sys
import time

from .gateway import HUNDRED_MIB, MIB
from .policy import Policy
from .revocation import Revocation

SIZES = [("0", 0), ("10k", 10_000), ("100k", 100_000), ("1m", 1_000_000)]
median = statistics.median


def ratio(values, others):
    """The median of the rounds' ratios, and the standard error of their mean: what the median may be off by."""
    each = [value / other for value, other in zip(values, others)]
    return {"ratio": median(each), "error": statistics.stdev(each) / len(each) ** 0.5 if len(each) > 1 else 0}


class Measures(Revocation, Policy):
    def __init__(self, options, workshop, peers):
        self.options = options
        self.workshop = workshop
        self.peers = peers
        self.figures = {}

    # -- the client

    def load(self, mode, server, *arguments):
        command = [self.workshop.poterne, "load", mode, f"127.0.0.1:{server.port}", "--server-name", "localhost",
                   "--json", "--certificates", str(self.workshop.pki / "load"), "--threads", "1",
                   "--server-pid", str(server.pid), *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
        if done.returncode not in (0, 1) or not done.stdout:
            raise SystemExit(f"{' '.join(command)}: {done.stderr.decode()}")
        report = json.loads(done.stdout)
        if report["unexpected"]:
            print(f"{server.log.stem}, {mode}: {report['unexpected']} of {report['attempts']} attempts failed: {report['outcomes']}",
                  file=sys.stderr)
        return report

    def handshakes(self, server, *arguments, mode="handshake"):
        report = self.load(mode, server, "-d", self.options.seconds, "-c", 8, "--path", "/fixed", *arguments)
        return report["cpu"]["handshakesPerServerSecond"]

    def warm_up(self, server, callers=200):
        """Every caller once, so that the caches of verdicts are full."""
        self.load("handshake", server, "-n", callers * 2, "-c", 8, "--path", "/fixed", "--callers", callers,
                  "--timeout", 60)

    def interleaved(self, servers, measure):
        """The rates of each server, in rounds of which each begins with another one."""
        rates = {name: [] for name in servers}
        order = list(servers)
        for number in range(self.options.rounds):
            turn = number % len(order)
            for name in order[turn:] + order[:turn]:
                rates[name].append(measure(servers[name]))
        return rates

    # -- the gateway alone

    def micro(self):
        done = subprocess.run([self.workshop.micro, "trust", str(self.workshop.pki)], check=True,
                              stdout=subprocess.PIPE)
        self.figures["micro"] = json.loads(done.stdout)
        done = subprocess.run([self.workshop.micro, "times", str(self.workshop.pki)], check=True,
                              stdout=subprocess.PIPE)
        self.figures["times"] = json.loads(done.stdout)

    def handshakes_by_size(self, key):
        """Full handshakes per CPU-second with each CRL."""
        gateways = {name: self.workshop.gateway(f"{key}-{name}", name, key) for name, _ in SIZES}
        client = []
        for server in gateways.values():
            self.warm_up(server)

        def measure(server):
            report = self.load("handshake", server, "-d", self.options.seconds, "-c", 8, "--path", "/fixed")
            client.append(report["fullHandshakes"] / report["cpu"]["clientSeconds"])
            return report["cpu"]["handshakesPerServerSecond"]

        rates = self.interleaved(gateways, measure)
        self.figures[f"handshakes.{key}"] = {
            name: {"median": median(values), "rounds": values, **ratio(values, rates["0"])}
            for name, values in rates.items()}
        self.figures[f"handshakes.{key}"]["client"] = median(client)

    def memory_and_start(self):
        """Resident memory and start-up time with the smallest and the largest CRL."""
        result = {}
        for size in ("0", "1m"):
            resident, startup, again = [], [], []
            for _ in range(max(3, self.options.rounds // 2)):
                server = self.workshop.gateway("memory", size)
                startup.append(self.until_ready(server))
                time.sleep(0.5)
                resident.append(server.resident)
                self.workshop.end(server)
                # Once more with the state directory that the first start filled.
                server = self.workshop.gateway("memory", size, keep_state=True)
                again.append(self.until_ready(server))
                self.workshop.end(server)
            result[size] = {"resident": median(resident), "startup": median(startup), "again": median(again)}
        self.figures["memory"] = result

    def two_workers(self):
        """Full handshakes and keep-alive requests per CPU-second, of two workers and of one.

        Client and server have to share two cores, so what is compared is what a worker's second is worth.
        """
        upstream = self.workshop.origin()
        servers = {count: self.workshop.gateway(f"workers-{count}", "0", upstream=upstream, workers=count)
                   for count in (1, 2)}
        for server in servers.values():
            self.warm_up(server)
        result = {}
        for label, measure in (
                ("full handshakes", self.handshakes),
                ("keep-alive requests", lambda server: self.requests(server, "/"))):
            rates = self.interleaved(servers, measure)
            result[label] = {str(count): median(values) for count, values in rates.items()}
            result[label]["ratio"] = median([two / one for two, one in zip(rates[2], rates[1])])
        self.figures["workers"] = result

    # -- beside others

    def everybody(self, size, upstream, key, tickets=False, with_floor=False):
        """The servers that are compared, by name: our binaries, the floor, and the peers that are there."""
        makers = {
            binary: lambda size, upstream, key, tickets, binary=binary: self.workshop.gateway(
                f"peer-{binary}-{size}-{key}", size, key, upstream, tickets, binary=binary)
            for binary in self.workshop.binaries}
        if with_floor:
            makers |= self.workshop.floor_makers()
        if not self.options.no_peers:
            makers |= self.peers.makers()
        return {name: make(size, upstream, key, tickets) for name, make in makers.items()}

    def compare(self, label, servers, measure):
        rates = self.interleaved(servers, measure)
        self.figures.setdefault("peers", {})[label] = {name: median(values) for name, values in rates.items()}
        self.figures.setdefault("rounds", {})[label] = rates

    def full_handshakes(self):
        """The handshake of every server and of the floor, with each key and CRL, and with what makes them resumable."""
        upstream = self.workshop.origin()
        for label, size, key, tickets in [
                ("RSA, 0", "0", "rsa", False), ("P-256, 0", "0", "p256", False),
                ("RSA, resumable, 0", "0", "rsa", True), ("P-256, resumable, 0", "0", "p256", True),
                ("RSA, 100k", "100k", "rsa", False), ("RSA, 1m", "1m", "rsa", False)]:
            servers = self.everybody(size, upstream, key, tickets, with_floor=size == "0")
            for name, server in servers.items():
                is_slow = size == "1m" and name not in self.workshop.binaries
                self.warm_up(server, callers=10 if is_slow else 200)
            self.compare(f"full handshakes, {label} entries", servers,
                         lambda server: self.handshakes(server, "--timeout", 60))
            self.figures["peers"][f"memory, {label} entries, MiB"] = {
                name: server.resident / 2**20 for name, server in servers.items() if not name.startswith("floor")}
            for server in servers.values():
                self.workshop.end(server)

    def resumed_handshakes(self):
        """Resumed handshakes with tickets, TLS 1.3 and 1.2."""
        upstream = self.workshop.origin()
        servers = self.everybody("0", upstream, "rsa", tickets=True, with_floor=True)
        for version in ("1.3", "1.2"):
            self.compare(f"resumed handshakes, TLS {version}", servers,
                         lambda server: self.handshakes(server, "--tls", version, mode="resume"))

    def requests(self, server, path, *arguments, connections=64):
        report = self.load("request", server, "-d", self.options.seconds, "-c", connections, "--path", path, *arguments)
        return report["cpu"]["responsesPerServerSecond"]

    def keep_alive(self):
        upstream = self.workshop.origin()
        servers = self.everybody("0", upstream, "rsa")
        for label, path in [("keep-alive requests with identity headers", "/"),
                            ("keep-alive requests without identity headers", "/plain/")]:
            self.compare(label, servers, lambda server: self.requests(server, path))

    def http2(self):
        """Requests over HTTP/2, eight streams at a time on each of four connections."""
        upstream = self.workshop.origin()
        servers = self.everybody("0", upstream, "rsa")
        client = []

        def measure(server, path):
            report = self.load("request", server, "-d", self.options.seconds, "-c", 4, "--http", 2, "--streams", 8,
                               "--path", path)
            client.append(report["cpu"]["responsesPerClientSecond"])
            return report["cpu"]["responsesPerServerSecond"]

        for label, path in [("HTTP/2 requests with identity headers", "/"),
                            ("HTTP/2 requests without identity headers", "/plain/")]:
            self.compare(label, servers, lambda server: measure(server, path))
        self.figures["http2.client"] = median(client)

    def bodies(self):
        """MiB per CPU-second of downloads and uploads."""
        upstream = self.workshop.origin()
        servers = self.everybody("0", upstream, "rsa")

        def rate(server, size, *arguments):
            count = max(4, int(self.options.seconds * 300 * MIB / size))
            report = self.load("request", server, "-n", count, "-c", 4, "--timeout", 120, *arguments)
            return report["responses"] * size / MIB / report["cpu"]["serverSeconds"]

        for label, size, name in [("1 MiB", MIB, "1m"), ("100 MiB", HUNDRED_MIB, "100m")]:
            self.compare(f"downloads of {label}, MiB", servers,
                         lambda server: rate(server, size, "--path", f"/plain/{name}"))
            self.compare(f"uploads of {label}, MiB", servers,
                         lambda server: rate(server, size, "--path", "/plain/upload", "--upload", size))

    def idle(self):
        """Memory for each idle connection, of either protocol."""
        upstream = self.workshop.origin()
        for label, speech in [("memory of an idle connection, KiB", "1.1"),
                              ("memory of an idle HTTP/2 connection, KiB", "2")]:
            # Servers of their own: what a former load has left in an allocator would be used again.
            servers = self.everybody("0", upstream, "rsa")
            result = {}
            for name, server in servers.items():
                count = 100 if name == "apache" else 2000
                self.warm_up(server)
                report = self.load("connections", server, "-c", count, "-d", 3, "--path", "/plain/", "--http", speech)
                memory = report["serverMemory"]
                result[name] = (memory["held"] - memory["before"]) / report["heldConnections"] / 1024
            self.figures.setdefault("peers", {})[label] = result
            for server in servers.values():
                self.workshop.end(server)

    # -- the whole

    def parts(self):
        return {
            "micro": self.micro,
            "rsa": lambda: self.handshakes_by_size("rsa"),
            "p256": lambda: self.handshakes_by_size("p256"),
            "memory": self.memory_and_start,
            "swap": self.swaps,
            "cut": self.cuts,
            "workers": self.two_workers,
            "full": self.full_handshakes,
            "resumed": self.resumed_handshakes,
            "requests": self.keep_alive,
            "http2": self.http2,
            "bodies": self.bodies,
            "idle": self.idle,
            "policy": self.policy,
        }

    def run(self, names, write):
        """Measures the parts named, or all, and has what is known written down after each."""
        parts = self.parts()
        for name in names or parts:
            print(f"{name}...", file=sys.stderr)
            start = time.monotonic()
            try:
                parts[name]()
            except (SystemExit, subprocess.SubprocessError, OSError) as failure:
                # What was measured before is worth writing down.
                print(f"{name} was not measured to its end: {failure}", file=sys.stderr)
            self.workshop.end_all()
            print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr)
            write()
