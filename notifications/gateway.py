"""A tiny SMS gateway that speaks the protocol of docs/messages.md for real, over loopback, and has moods.

For tests, the demo and the bench; not a product. It remembers the keys it accepted and drops what it already has.
"""

import json
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from notifications.signing import SIGNATURE, TIMESTAMP, is_signed

WELL, REFUSE, BUSY, DOWN, STALL, TWICE, LOSE, GARBLE, PICKY = (
    "well",
    "refuse",  # every item for good
    "busy",  # every item for now
    "down",  # 503 for the whole batch
    "stall",  # accepts, answers after stall_s
    "twice",  # every result twice, and the whole reply twice on the wire
    "lose",  # accepts, then drops the connection
    "garble",  # accepts, answers something that is not JSON
    "picky",  # 400 for a batch that holds a text with PICKY_WORD
)
MOODS = (WELL, REFUSE, BUSY, DOWN, STALL, TWICE, LOSE, GARBLE, PICKY)
PICKY_WORD = "picky"
CLOCK_SKEW_S = 300
KEPT_KEYS, KEPT_MESSAGES, MOST_BYTES = 500_000, 50_000, 16 * 1024 * 1024

Item = dict[str, Any]


@dataclass
class Gateway:
    """What it knows and how it feels. ``mood`` lasts for ``times`` batches, then it is well again (None: for ever)."""

    key: str
    mood: str = WELL
    times: int | None = None
    stall_s: float = 1.0
    received: deque[Item] = field(default_factory=lambda: deque(maxlen=KEPT_MESSAGES))
    batches: int = 0
    duplicates: int = 0
    _keys: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def feel(self, mood: str, *, times: int | None = None, stall_s: float = 1.0) -> None:
        """Take on a mood. Raises: ValueError for one it does not have."""
        if mood not in MOODS:
            raise ValueError(mood)
        with self._lock:
            self.mood, self.times, self.stall_s = mood, times, stall_s

    def mood_for_batch(self) -> str:
        """The mood that the next batch meets."""
        with self._lock:
            self.batches += 1
            mood = self.mood
            if self.times is not None:
                self.times -= 1
                if self.times <= 0:
                    self.mood, self.times = WELL, None
            return mood

    def take(self, batch: list[Item], mood: str) -> list[Item]:
        """One result for each item; accepted ones are kept, known keys are not kept twice."""
        if mood == REFUSE:
            return [{"key": i["key"], "status": "refused", "reason": "no such number"} for i in batch]
        if mood == BUSY:
            return [{"key": i["key"], "status": "refused", "temporary": True, "reason": "line busy"} for i in batch]
        with self._lock:
            return [self._take_one(item) for item in batch]

    def _take_one(self, item: Item) -> Item:
        key = item["key"]
        known = self._keys.get(key)
        if known:
            self.duplicates += 1
            return {"key": key, "status": "duplicate", "id": known}
        made = self._keys[key] = f"gw-{len(self._keys) + 1}"
        if len(self._keys) > KEPT_KEYS:
            self._keys.popitem(last=False)
        self.received.append({"key": key, "to": item["to"], "text": item["text"], "id": made, "at": time.time()})
        return {"key": key, "status": "accepted", "id": made}


class GatewayServer(ThreadingHTTPServer):
    """``with GatewayServer(0, key) as server: … server.url …`` serves from a thread until the block ends."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, key: str) -> None:
        super().__init__(("127.0.0.1", port), GatewayHandler)
        self.gateway = Gateway(key)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/batch"

    def __enter__(self) -> "GatewayServer":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class GatewayHandler(BaseHTTPRequestHandler):
    """POST /batch (signed) · GET /received[?to=…] · POST /mood {"mood", "times", "stall_s"} · GET /healthz."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # the whole reply in one packet
    server: GatewayServer

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST_BYTES))
        if self.path == "/batch":
            return self._batch(body)
        if self.path == "/mood":
            return self._mood(body)
        return self._answer(404, {"error": "no such address"})

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/healthz":
            return self._answer(200, {"mood": self.server.gateway.mood})
        if path != "/received":
            return self._answer(404, {"error": "no such address"})
        wanted = query.partition("to=")[2]
        kept = [item for item in list(self.server.gateway.received) if not wanted or item["to"] == wanted]
        return self._answer(200, {"received": kept, "duplicates": self.server.gateway.duplicates})

    def _mood(self, body: bytes) -> None:
        try:
            self.server.gateway.feel(**json.loads(body))
        except (ValueError, TypeError) as error:
            return self._answer(400, {"error": str(error)})
        return self._answer(200, {"mood": self.server.gateway.mood})

    def _batch(self, body: bytes) -> None:
        gateway = self.server.gateway
        timestamp, signature = self.headers.get(TIMESTAMP, ""), self.headers.get(SIGNATURE, "")
        fresh = timestamp.isdigit() and abs(time.time() - int(timestamp)) <= CLOCK_SKEW_S
        if not fresh or not is_signed(key=gateway.key, timestamp=timestamp, body=body, signature=signature):
            return self._answer(401, {"error": "signature"})
        try:
            batch = [{name: str(item[name]) for name in ("key", "to", "text")} for item in json.loads(body)["batch"]]
        except (ValueError, KeyError, TypeError):
            return self._answer(400, {"error": "batch"})
        mood = gateway.mood_for_batch()
        if mood == DOWN:
            return self._answer(503, {"error": "down"})
        if mood == PICKY and any(PICKY_WORD in item["text"] for item in batch):
            return self._answer(400, {"error": "a text is not allowed"})
        return self._reply(mood, gateway.take(batch, mood))

    def _reply(self, mood: str, results: list[Item]) -> None:
        """How the answer to an accepted batch gets back, or does not."""
        if mood == LOSE:
            self.close_connection = True
            self.connection.close()
            return None
        if mood == STALL:
            time.sleep(self.server.gateway.stall_s)
        if mood == GARBLE:
            return self._answer(200, None)
        if mood == TWICE:
            self._answer(200, {"results": [*results, *results]})
            return self._answer(200, {"results": results})
        return self._answer(200, {"results": results})

    def _answer(self, status: int, content: Any) -> None:
        body = b"<html>" if content is None else json.dumps(content).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()
        except OSError:  # the caller has hung up
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Silent: a gateway's log would hold phone numbers."""
