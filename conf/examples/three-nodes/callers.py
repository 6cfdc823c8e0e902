"""Callers of the three gateways: keep-alive connections with a client certificate, resumed when they are made anew.

A GET whose connection breaks before its answer is sent again, as RFC 9110 (section 9.2.2) lets any client do; it has
failed when ATTEMPTS of it came to nothing. Writes what came of it as JSON.

usage: callers.py HOST:PORT PKI SECONDS THREADS RATE
"""

import json
import select
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from pathlib import Path

ATTEMPTS = 3
REQUESTS_PER_CONNECTION = 20


class Caller(threading.Thread):
    """One caller: a connection at a time, RATE requests a second."""

    def __init__(self, target, context, end, rate):
        super().__init__()
        self.target, self.context, self.end, self.rate = target, context, end, rate
        self.counts, self.nodes, self.slowest = Counter(), Counter(), 0.0
        self.connection, self.session, self.node, self.left = None, None, None, 0

    def connect(self):
        plain = socket.create_connection(self.target, timeout=5)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection = self.context.wrap_socket(plain, server_hostname="localhost", session=self.session)
        self.left = REQUESTS_PER_CONNECTION
        self.isFirst = True
        self.counts["resumed" if self.connection.session_reused else "full"] += 1

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def ask(self):
        """One request on the connection there is, or on a new one."""
        # As HTTP clients do before they use a connection again: between two requests only its end can be read from it.
        if self.connection and select.select([self.connection], [], [], 0)[0]:
            self.close()
            self.counts["found_closed"] += 1
        if not self.connection:
            self.connect()
        self.connection.sendall(b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.receive()
        head, _, body = answer.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        while len(body) < int(fields[b"content-length"]):
            body += self.receive()
        node = fields[b"x-node"].decode()
        if self.isFirst and self.connection.session_reused and node != self.node:
            self.counts["resumed_elsewhere"] += 1
        self.isFirst, self.node = False, node
        self.nodes[node] += 1
        # In TLS 1.3 the ticket has come behind the handshake.
        self.session = self.connection.session
        self.left -= 1
        if self.left == 0 or fields.get(b"connection") == b"close":
            self.close()
        return int(head.split(b" ", 2)[1])

    def receive(self):
        data = self.connection.recv(65536)
        if not data:
            raise ConnectionResetError("closed before the answer")
        return data

    def request(self):
        for attempt in range(ATTEMPTS):
            try:
                status = self.ask()
                self.counts["requests"] += 1
                self.counts["failed" if status != 200 else "succeeded"] += 1
                return
            except (OSError, ssl.SSLError) as error:
                self.close()
                self.counts["broken"] += 1
                self.counts[f"broken: {type(error).__name__}"] += 1
        self.counts["requests"] += 1
        self.counts["failed"] += 1

    def run(self):
        due = time.monotonic()
        while due < self.end:
            time.sleep(max(0.0, due - time.monotonic()))
            begun = time.monotonic()
            self.request()
            self.slowest = max(self.slowest, time.monotonic() - begun)
            due = max(due + 1 / self.rate, time.monotonic() - 1)
        self.close()


def main():
    address, pki, seconds, threads, rate = sys.argv[1:]
    host, port = address.rsplit(":", 1)
    callers = sorted(Path(pki, "load").glob("client-*.pem"))
    end = time.monotonic() + float(seconds)
    running = []
    for index in range(int(threads)):
        context = ssl.create_default_context(cafile=Path(pki, "trust/root.pem"))
        if callers:
            context.load_cert_chain(callers[index % len(callers)], Path(pki, "load/client.key"))
        else:
            context.load_cert_chain(Path(pki, "callers/org-auth-cli.pem"), Path(pki, "callers/org-auth-cli.key"))
        running.append(Caller((host, int(port)), context, end, float(rate) / int(threads)))
    for caller in running:
        caller.start()
    counts, nodes = Counter(), Counter()
    for caller in running:
        caller.join()
        counts += caller.counts
        nodes += caller.nodes
    report = dict.fromkeys(("requests", "succeeded", "failed", "broken", "found_closed", "full", "resumed"), 0)
    report["resumed_elsewhere"] = 0
    report |= dict(counts)
    report["nodes"] = dict(sorted(nodes.items()))
    report["slowest_ms"] = round(1000 * max(caller.slowest for caller in running))
    print(json.dumps(report))


main()
