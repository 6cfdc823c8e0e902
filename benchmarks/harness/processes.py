"""Servers as processes: started, waited for, weighed and ended."""

import os
import pathlib
import signal
import socket
import subprocess
import time

PAGE = os.sysconf("SC_PAGE_SIZE")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that listens on loopback, until it is ended."""

    def __init__(self, command, port, log, **options):
        self.port = port
        self.log = log
        self.output = open(log, "wb")
        self.start = time.monotonic()
        self.process = subprocess.Popen(command, stdout=self.output, stderr=subprocess.STDOUT, **options)
        try:
            self.wait()
        except BaseException:
            self.end()
            raise

    def wait(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.log}: the server ended: " + pathlib.Path(self.log).read_text()[-2000:])
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.002)
        raise SystemExit(f"{self.log}: nobody listens on the port")

    @property
    def pid(self):
        return self.process.pid

    @property
    def resident(self):
        """Bytes that the process tree has resident."""
        total = 0
        for pid in self.tree():
            with open(f"/proc/{pid}/statm") as statm:
                total += int(statm.read().split()[1]) * PAGE
        return total

    @property
    def cpu(self):
        """Seconds of processor time that the process tree has used."""
        total = 0
        for pid in self.tree():
            for task in os.listdir(f"/proc/{pid}/task"):
                try:
                    with open(f"/proc/{pid}/task/{task}/schedstat") as schedstat:
                        total += int(schedstat.read().split()[0])
                except OSError:
                    pass
        return total / 1e9

    def tree(self):
        pids, found = [self.pid], []
        while pids:
            pid = pids.pop()
            found.append(pid)
            for task in os.listdir(f"/proc/{pid}/task"):
                try:
                    with open(f"/proc/{pid}/task/{task}/children") as children:
                        pids += map(int, children.read().split())
                except OSError:
                    pass
        return found

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.output.close()
