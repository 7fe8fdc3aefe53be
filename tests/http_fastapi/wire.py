# SPDX-License-Identifier: MIT
"""A client that sends just what it is told, and one connection for many requests."""

import json
import socket
from dataclasses import dataclass, field
from typing import Optional

HOST = "api.test"
TIMEOUT = 10


@dataclass
class Request:
    app: str
    method: str
    target: str
    headers: list = field(default_factory=list)
    body: Optional[bytes] = None
    about: str = ""  # what it tries, for known.py
    value: object = None  # what it tries it with

    def __str__(self):
        head = "".join(f" [{name}: {value!r}]" for name, value in self.headers)
        return f"{self.app}: {self.method} {self.target}{head} {self.body or b''!r} ({self.about})"

    def wire(self):
        lines = [f"{self.method} {self.target} HTTP/1.1", f"Host: {HOST}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body is not None:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (self.body or b"")


@dataclass
class Answer:
    status: int
    headers: list
    body: bytes

    def header(self, name):
        return next((value for key, value in self.headers if key == name), None)

    def json(self):
        return json.loads(self.body)

    def locs(self):
        detail = self.json()["detail"]
        return {tuple(error["loc"]) for error in detail} if isinstance(detail, list) else detail


class Connection:
    def __init__(self, port):
        self.port = port
        self.socket = None

    def send(self, request):
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), TIMEOUT)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.unread = b""
        try:
            self.socket.sendall(request.wire())
        except ConnectionError:
            pass  # receive() says so

    def receive(self, method):
        status, headers = self.receive_head()
        fields = dict(headers)
        if method == "HEAD" or status in (204, 304) or status < 200:
            body = b""
        elif fields.get("transfer-encoding") == "chunked":
            body = self.receive_chunks()
        elif "content-length" in fields:
            body = self.take(int(fields["content-length"]))
        else:
            body = self.receive_rest()
        if fields.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, body)

    def receive_head(self):
        line, *fields = self.take_until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        pairs = (each.partition(":") for each in fields)
        return int(line.split()[1]), [(name.lower(), text.strip()) for name, _, text in pairs]

    def receive_chunks(self):
        body = b""
        while size := int(self.take_until(b"\r\n"), 16):
            body += self.take(size)
            self.take(2)
        self.take(2)
        return body

    def receive_rest(self):
        body = self.unread
        while piece := self.socket.recv(65536):
            body += piece
        self.close()
        return body

    def more(self):
        piece = self.socket.recv(65536)
        if not piece:
            self.close()
            raise ConnectionError("closed before the answer had come whole")
        self.unread += piece

    def take_until(self, end):
        while end not in self.unread:
            self.more()
        taken, _, self.unread = self.unread.partition(end)
        return taken

    def take(self, size):
        while len(self.unread) < size:
            self.more()
        taken, self.unread = self.unread[:size], self.unread[size:]
        return taken

    def close(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = None
