"""A server of HTTP/1.1 that reads a PROXY header of version 2 from each connection, and tells what is in it.

Prints its port, and then a line of JSON for each connection. With arguments CHAIN KEY it speaks TLS behind the header.
"""
import json
import socket
import ssl
import struct
import sys
import threading

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def exactly(sock, count):
    data = b""
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def elements(data):
    found = []
    while data:
        kind, length = struct.unpack("!BH", data[:3])
        assert len(data) >= 3 + length, "an element is cut short"
        found.append((kind, data[3:3 + length]))
        data = data[3 + length:]
    return found


def header(sock):
    fixed = exactly(sock, 16)
    assert fixed[:12] == SIGNATURE, fixed
    command, family, length = struct.unpack("!BBH", fixed[12:])
    data = exactly(sock, length)
    told = {"command": command, "family": family, "length": 16 + length, "elements": {}}
    if family == 0x11:
        source, destination, *ports = struct.unpack("!4s4sHH", data[:12])
        told["source"] = "%s:%d" % (socket.inet_ntop(socket.AF_INET, source), ports[0])
        told["destination"] = "%s:%d" % (socket.inet_ntop(socket.AF_INET, destination), ports[1])
        data = data[12:]
    elif family == 0x21:
        source, destination, *ports = struct.unpack("!16s16sHH", data[:36])
        told["source"] = "[%s]:%d" % (socket.inet_ntop(socket.AF_INET6, source), ports[0])
        told["destination"] = "[%s]:%d" % (socket.inet_ntop(socket.AF_INET6, destination), ports[1])
        data = data[36:]
    for kind, value in elements(data):
        assert kind not in told["elements"], "an element is there twice"
        if kind == 0x20:
            client, verify = struct.unpack("!BI", value[:5])
            told["client"], told["verify"] = client, verify
            for part, content in elements(value[5:]):
                told["elements"]["%02x" % part] = content.hex() if part == 0x28 else content.decode()
        else:
            told["elements"]["%02x" % kind] = value.decode()
    return told


def serve(sock):
    try:
        told = header(sock)
        print(json.dumps(told), flush=True)
        if context:
            sock = context.wrap_socket(sock, server_side=True)
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                more = sock.recv(65536)
                if not more:
                    return
                data += more
            head, data = data.split(b"\r\n\r\n", 1)
            if b"/close" in head.split(b"\r\n")[0]:
                sock.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
                return
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    except (OSError, EOFError, AssertionError) as error:
        print(json.dumps({"error": repr(error)}), flush=True)
    finally:
        sock.close()


context = None
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    client, _ = listener.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
