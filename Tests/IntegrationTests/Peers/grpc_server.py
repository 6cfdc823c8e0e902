"""A gRPC server of every kind of call, without generated code: messages are bytes.

Prints its port. With arguments ROOT CHAIN KEY it speaks TLS and asks for the client's certificate.
"""
import sys
import threading
import time
from concurrent import futures

import grpc

state = {"cancelled": 0, "sent": 0}
lock = threading.Lock()


def count(name, number=1):
    with lock:
        state[name] += number


def metadata(context, name):
    return next((value for key, value in context.invocation_metadata() if key == name), "")


def unary(request, context):
    """Gives the request back, and in trailers whom the gateway says it is from."""
    context.send_initial_metadata((("x-initial", "here"),))
    context.set_trailing_metadata((
        ("x-kind", metadata(context, "x-igc-sante-kind")),
        ("x-asked-bin", metadata(context, "x-data-bin") or b""),
    ))
    return request


def fail(request, context):
    context.set_trailing_metadata((("grpc-status-details-bin", b"\x08\x03\x12\x04oops"), ("x-why", "because")))
    context.abort(grpc.StatusCode.INVALID_ARGUMENT, "né 100 %\nsecond line")


def server_stream(request, context):
    number, size = map(int, request.split(b":"))
    for _ in range(number):
        count("sent", size)
        yield b"x" * size


def client_stream(requests, context):
    number = total = 0
    for request in requests:
        number += 1
        total += len(request)
    return b"%d:%d" % (number, total)


def slow_client_stream(requests, context):
    """Reads one message, and no more until it is told to."""
    total = len(next(requests))
    while metadata(context, "x-gate") not in gates:
        time.sleep(0.005)
    for request in requests:
        total += len(request)
    return b"%d" % total


def bidirectional(requests, context):
    for request in requests:
        yield request.upper()


def wait(request, context):
    """Says nothing until the call is cancelled, or its time is over."""
    ended = threading.Event()
    if not context.add_callback(ended.set):
        ended.set()
    left = context.time_remaining()
    with lock:
        state["deadline"] = left if left is not None else -1
    ended.wait(30)
    count("cancelled")
    return b""


def wait_streaming(request, context):
    """The same after one message; a call that ends meanwhile does not come back behind it."""
    ended = threading.Event()

    def end():
        count("cancelled")
        ended.set()

    if not context.add_callback(end):
        end()
    yield b"first"
    ended.wait(30)


gates = set()


def open_gate(request, context):
    gates.add(request.decode())
    return b""


def tell(request, context):
    with lock:
        return repr(state.get(request.decode(), 0)).encode()


handlers = {
    "Unary": grpc.unary_unary_rpc_method_handler(unary),
    "Fail": grpc.unary_unary_rpc_method_handler(fail),
    "ServerStream": grpc.unary_stream_rpc_method_handler(server_stream),
    "ClientStream": grpc.stream_unary_rpc_method_handler(client_stream),
    "SlowClientStream": grpc.stream_unary_rpc_method_handler(slow_client_stream),
    "Bidirectional": grpc.stream_stream_rpc_method_handler(bidirectional),
    "Wait": grpc.unary_unary_rpc_method_handler(wait),
    "WaitStreaming": grpc.unary_stream_rpc_method_handler(wait_streaming),
    "OpenGate": grpc.unary_unary_rpc_method_handler(open_gate),
    "Tell": grpc.unary_unary_rpc_method_handler(tell),
}


def read(path):
    with open(path, "rb") as file:
        return file.read()


server = grpc.server(
    futures.ThreadPoolExecutor(max_workers=16),
    options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.so_reuseport", 0)])
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("test.Peer", handlers),))
if len(sys.argv) > 1:
    root, chain, key = map(read, sys.argv[1:4])
    credentials = grpc.ssl_server_credentials([(key, chain)], root_certificates=root, require_client_auth=True)
    port = server.add_secure_port("127.0.0.1:0", credentials)
else:
    port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
server.wait_for_termination()
