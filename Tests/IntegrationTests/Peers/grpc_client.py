"""Makes every kind of gRPC call through a gateway, and prints a line for each: its name and what came of it.

Arguments: PORT ROOT CALLER, the last without `.pem` and `.key`.
"""
import sys
import time

import grpc


def read(path):
    with open(path, "rb") as file:
        return file.read()


port, root, caller = sys.argv[1:4]
credentials = grpc.ssl_channel_credentials(read(root), read(caller + ".key"), read(caller + ".pem"))
channel = grpc.secure_channel(
    "127.0.0.1:" + port, credentials,
    options=[
        ("grpc.ssl_target_name_override", "localhost"), ("grpc.enable_http_proxy", 0), ("grpc.enable_retries", 0),
        ("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1),
    ])


def method(kind, name):
    return getattr(channel, kind)("/test.Peer/" + name)


unary = method("unary_unary", "Unary")
tell = method("unary_unary", "Tell")
open_gate = method("unary_unary", "OpenGate")


def state(name):
    return float(tell(name.encode(), timeout=20))


def until(condition):
    """Looks again and again, for a bounded time; says whether it came true."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


def trailers(call):
    return {key: value for key, value in call.trailing_metadata()}


def say(name, *values):
    print(name, *values, flush=True)


answer, call = unary.with_call(b"hello", timeout=20, metadata=(("x-data-bin", b"\x00\xff"),))
say("unary", answer.decode(), trailers(call)["x-kind"], dict(call.initial_metadata())["x-initial"],
    trailers(call)["x-asked-bin"].hex())

answer = unary(b"", timeout=20)
say("empty", len(answer))

large = b"l" * (8 << 20)
say("large", unary(large, timeout=60) == large)

try:
    method("unary_unary", "Fail")(b"", timeout=20)
except grpc.RpcError as error:
    say("failure", error.code().name, repr(error.details()), trailers(error)["grpc-status-details-bin"].hex(),
        trailers(error)["x-why"])

try:
    method("unary_unary", "Nowhere")(b"", timeout=20)
except grpc.RpcError as error:
    say("unimplemented", error.code().name)

pieces = list(method("unary_stream", "ServerStream")(b"100:1000", timeout=20))
say("server-stream", len(pieces), sum(map(len, pieces)))

say("client-stream", method("stream_unary", "ClientStream")((b"y" * 500 for _ in range(200)), timeout=20).decode())


def conversation():
    """Each message is sent only after the answer to the one before has come."""
    import queue
    words = queue.Queue()
    call = method("stream_stream", "Bidirectional")(iter(words.get, None), timeout=20)
    answers = []
    for word in (b"one", b"two", b"three"):
        words.put(word)
        answers.append(next(call).decode())
    words.put(None)
    rest = list(call)
    return answers, rest, call.code().name


say("bidirectional", *conversation())

try:
    method("unary_unary", "Wait")(b"", timeout=0.5)
except grpc.RpcError as error:
    say("deadline", error.code().name, until(lambda: state("cancelled") == 1), 0 < state("deadline") < 1)

future = method("unary_unary", "Wait").future(b"", timeout=60)
until(lambda: state("deadline") > 1)
future.cancel()
say("cancelled", future.cancelled(), until(lambda: state("cancelled") == 2))

call = method("unary_stream", "WaitStreaming")(b"", timeout=60)
first = next(call)
call.cancel()
say("cancelled-within", first.decode(), until(lambda: state("cancelled") == 3))

# What the server makes waits for whom it is made.
before = state("sent")
call = method("unary_stream", "ServerStream")(b"1024:65536", timeout=60)
next(call)
made = [0.0]


def is_still():
    now = state("sent") - before
    still = now == made[0]
    made[0] = now
    time.sleep(0.2)
    return still


until(is_still)
total = 65536 + sum(map(len, call))
say("server-waits", made[0] < 48 << 20, total)

# And so does what the client makes.
written = [0]


def flood():
    for _ in range(1024):
        written[0] += 65536
        yield b"z" * 65536


call = method("stream_unary", "SlowClientStream").future(flood(), timeout=60, metadata=(("x-gate", "flood"),))
seen = [-1]


def is_quiet():
    quiet = written[0] == seen[0] and written[0] > 0
    seen[0] = written[0]
    time.sleep(0.2)
    return quiet


until(is_quiet)
held = written[0] < 48 << 20
open_gate(b"flood", timeout=20)
say("client-waits", held, call.result().decode())
