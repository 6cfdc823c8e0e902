"""A collector of spans over OTLP/HTTP in JSON, strict: what is not in OpenTelemetry's protocol is an error.

Prints its port, and then a line of JSON for each span that it takes, or for each request that it does not. How it answers:
take, refuse-once (503 with Retry-After, then take), reject (400), garbage (200 with what is no JSON), partial (200, with a
word that one span was refused), silent (takes the request and never answers).
"""
import base64
import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

manner = sys.argv[1]
lock = threading.Lock()
requests = 0


def tell(**what):
    with lock:
        print(json.dumps(what), flush=True)


def in_base64(span):
    # The one place where OTLP's JSON differs from protobuf's: identifiers are hexadecimal.
    for key, length in (("traceId", 32), ("spanId", 16), ("parentSpanId", 16)):
        if key in span:
            if not re.fullmatch("[0-9a-f]{%d}" % length, span[key]):
                raise ValueError("%s is %r" % (key, span[key]))
            span[key] = base64.b64encode(bytes.fromhex(span[key])).decode()
    return span


def value(any_value):
    kind = any_value.WhichOneof("value")
    if kind is None:
        raise ValueError("an attribute without a value")
    return getattr(any_value, kind)


def attributes(of):
    found = {}
    for attribute in of:
        if attribute.key in found:
            raise ValueError("two attributes %s" % attribute.key)
        found[attribute.key] = value(attribute.value)
    return found


def take(body, headers):
    tree = json.loads(body.decode("utf-8"))
    for resource in tree["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            scope["spans"] = [in_base64(span) for span in scope["spans"]]
    request = json_format.Parse(json.dumps(tree), ExportTraceServiceRequest(), ignore_unknown_fields=False)
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            if not scope.spans:
                raise ValueError("no spans")
            for span in scope.spans:
                tell(
                    trace=span.trace_id.hex(), span=span.span_id.hex(), parent=span.parent_span_id.hex(),
                    state=span.trace_state, flags=span.flags, name=span.name, kind=span.kind,
                    start=span.start_time_unix_nano, end=span.end_time_unix_nano, status=span.status.code,
                    attributes=attributes(span.attributes), resource=attributes(resource.resource.attributes),
                    scope=scope.scope.name, authorization=headers.get("Authorization", ""))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        global requests
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with lock:
            requests += 1
            number = requests
        if self.headers["Content-Type"] != "application/json" or self.path != "/v1/traces":
            tell(error="asked for %s with %s" % (self.path, self.headers["Content-Type"]))
        if manner == "silent":
            tell(refused=True)
            threading.Event().wait()
        if manner == "reject" or (manner == "refuse-once" and number == 1):
            tell(refused=True)
            return self.answer(400 if manner == "reject" else 503, b"no", {"Retry-After": "1"})
        try:
            take(body, self.headers)
        except Exception as error:
            tell(error=repr(error), body=body.decode("utf-8", "replace"))
            return self.answer(400, b"malformed", {})
        answers = {
            "garbage": b"<html>captive \xff",
            "partial": b'{"partialSuccess":{"rejectedSpans":"1","errorMessage":"one too many"}}',
        }
        self.answer(200, answers.get(manner, b"{}"), {})

    def answer(self, status, body, headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_port, flush=True)
server.serve_forever()
