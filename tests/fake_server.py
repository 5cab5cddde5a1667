"""A small OpenAI-compatible server on a free loopback port, whose behaviour each test scripts (load it by its path)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, str], bytes]


def completion(text: str | None = "A", finish: str = "stop", **extra: Any) -> dict[str, Any]:
    """A chat completion; `extra` goes into the message, what starts with `choice_` into the choice."""
    message = {"role": "assistant", "content": text} | {k: v for k, v in extra.items() if not k.startswith("choice_")}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    choice |= {k.removeprefix("choice_"): v for k, v in extra.items() if k.startswith("choice_")}
    return {"object": "chat.completion", "choices": [choice], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}


def reply(data: Any, status: int = 200, **headers: str) -> Reply:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    kind = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return status, kind, body


@dataclass
class FakeServer:
    """`script(body, number)` answers the chat call with that number (from 1); what came in is kept."""

    script: Callable[[dict[str, Any], int], Reply] = lambda body, number: reply(completion())
    models: Reply = field(default_factory=lambda: reply({"data": [{"id": "m", "owned_by": "us", "created": 1}]}))
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)
    in_flight: int = 0
    most_in_flight: int = 0
    port: int = 0
    lock: Any = field(default_factory=threading.Lock)

    def spec(self, settings: str = "", model: str = "m") -> str:
        return f"openai:{model}@http://127.0.0.1:{self.port}/v1" + (f"?{settings}" if settings else "")

    def chat(self, body: dict[str, Any], headers: dict[str, str], peer: tuple[str, int]) -> Reply:
        with self.lock:
            self.bodies.append(body)
            self.headers.append(headers)
            self.connections.add(peer)
            number = len(self.bodies)
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return self.script(body, number)
        finally:
            with self.lock:
                self.in_flight -= 1


def _handler(server: FakeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._send(server.models if self.path == "/v1/models" else reply({"error": "no such path"}, 404))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path != "/v1/chat/completions":
                self._send(reply({"detail": "Not Found"}, 404))
                return
            self._send(server.chat(body, dict(self.headers), self.client_address))

        def _send(self, answer: Reply) -> None:
            status, headers, body = answer
            head = [f"HTTP/1.1 {status} Status", *(f"{k}: {v}" for k, v in headers.items())]
            try:
                self.wfile.write("\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body)
            except OSError:
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            """Quiet."""

    return Handler


@contextmanager
def serving() -> Iterator[FakeServer]:
    """A running server."""
    fake = FakeServer()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    http.daemon_threads = True
    http.block_on_close = False
    fake.port = http.server_address[1]
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield fake
    finally:
        http.shutdown()
        http.server_close()
