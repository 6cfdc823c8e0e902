"""A server of HTTP/2 that records what it is sent and does what the path says.

Prints its port, and then a line of JSON for each request that is whole, each reset and each connection. Options:
--tls CHAIN KEY, --client-ca FILE (asks for the client's certificate), --alpn NAME.
"""
import argparse
import json
import socket
import ssl
import sys
import threading

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions

lock = threading.Lock()


def tell(**what):
    with lock:
        print(json.dumps(what), flush=True)


class Connection:
    def __init__(self, sock):
        self.sock = sock
        self.requests = {}
        # What is sent may be as wrong as a test wants it.
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=False, header_encoding="latin-1", validate_outbound_headers=False,
            normalize_outbound_headers=False))

    def serve(self):
        self.h2.initiate_connection()
        self.flush()
        while data := self.sock.recv(65536):
            for event in self.h2.receive_data(data):
                self.handle(event)
            self.flush()

    def flush(self):
        self.sock.sendall(self.h2.data_to_send())

    def handle(self, event):
        if isinstance(event, h2.events.RequestReceived):
            headers = [(name, value) for name, value in event.headers]
            self.requests[event.stream_id] = {"headers": headers, "body": 0, "trailers": []}
            if dict(headers)[":path"] == "/hold":
                tell(begun=dict(headers)[":path"])
        elif isinstance(event, h2.events.DataReceived):
            self.requests[event.stream_id]["body"] += len(event.data)
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.TrailersReceived):
            self.requests[event.stream_id]["trailers"] = list(event.headers)
        elif isinstance(event, h2.events.StreamReset):
            tell(reset=int(event.error_code))
        elif isinstance(event, h2.events.StreamEnded):
            request = self.requests.pop(event.stream_id)
            tell(request=request)
            self.answer(event.stream_id, dict(request["headers"])[":path"])

    def answer(self, stream, path):
        send, end = self.h2.send_headers, self.h2.end_stream
        if path == "/hold":
            return
        if path == "/refuse-once" and not refused.is_set():
            refused.set()
            self.h2.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
        elif path == "/refuse":
            self.h2.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
        elif path == "/reset":
            self.h2.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
        elif path == "/cut":
            send(stream, [(":status", "200")])
            self.h2.send_data(stream, b"half")
            self.h2.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
        elif path == "/short":
            send(stream, [(":status", "200"), ("content-length", "10")])
            self.h2.send_data(stream, b"short", end_stream=True)
        elif path == "/long":
            send(stream, [(":status", "200"), ("content-length", "2")])
            self.h2.send_data(stream, b"longer", end_stream=True)
        elif path == "/malformed":
            send(stream, [(":status", "200"), ("connection", "close")], end_stream=True)
        elif path == "/goaway":
            send(stream, [(":status", "200")])
            self.h2.send_data(stream, b"last", end_stream=True)
            self.h2.close_connection()
        elif path == "/interim":
            send(stream, [(":status", "103"), ("link", "</a>; rel=preload")])
            send(stream, [(":status", "200")], end_stream=True)
        elif path == "/health":
            send(stream, [(":status", "200" if healthy() else "503")], end_stream=True)
        else:
            send(stream, [(":status", "200"), ("x-server", "h2")])
            self.h2.send_data(stream, b"ok")
            send(stream, [("x-trailer", "end")], end_stream=True)


refused = threading.Event()


def healthy():
    """As long as the file that was named is there."""
    try:
        open(arguments.health).close()
        return True
    except (OSError, TypeError):
        return arguments.health is None


def serve(sock):
    try:
        if context:
            sock = context.wrap_socket(sock, server_side=True)
            subject = (sock.getpeercert() or {}).get("subject", ())
            tell(alpn=sock.selected_alpn_protocol(), client=[name[0][1] for name in subject if name[0][0] == "commonName"])
        tell(connection=True)
        Connection(sock).serve()
    except (OSError, h2.exceptions.ProtocolError) as error:
        tell(error=repr(error))
    finally:
        sock.close()


parser = argparse.ArgumentParser()
parser.add_argument("--tls", nargs=2)
parser.add_argument("--client-ca")
parser.add_argument("--alpn", default="h2")
parser.add_argument("--health")
arguments = parser.parse_args()
context = None
if arguments.tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*arguments.tls)
    context.set_alpn_protocols([arguments.alpn])
    if arguments.client_ca:
        context.load_verify_locations(arguments.client_ca)
        context.verify_mode = ssl.CERT_REQUIRED

listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    client, _ = listener.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
