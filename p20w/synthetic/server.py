"""An HTTP server that answers like the official endpoints, faults included.

`python -m p20w.synthetic.server --port 0 --students N --seed S --port-file PATH [--faults JSON]`

Every source has its base below the root: `/crosswalks/`, `/bls_oews/`, `/ipeds/` and `/nsc/` hold
files (with ETag and Last-Modified; the base itself lists them as JSON), `/edfi/` is an Ed-Fi API,
`/bls_api/` the public API of the Bureau of Labor Statistics.
Control, for other processes: `GET|POST|DELETE /_faults`, `GET|DELETE /_requests` and
`POST /_state {"move": N}`, which serves the state after N students were moved (0 as at the start).
"""

import argparse
import contextlib
import json
import signal
import socket
import struct
import sys
import threading
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from p20w.synthetic.answers import Answer, Request, json_answer
from p20w.synthetic.changes import move_one_student
from p20w.synthetic.edfi.api import EdfiApi
from p20w.synthetic.faults import Fault, Faults, edit_of, read_faults
from p20w.synthetic.file_store import FileStore
from p20w.synthetic.labstat_api import LabstatApi
from p20w.synthetic.render import bls_api, edfi, file_sources
from p20w.synthetic.state import SyntheticState, build_state

_HTML: Final = b"<!DOCTYPE html><html><body><h1>Scheduled maintenance</h1></body></html>"


class SyntheticServer:
    """Serves a state on 127.0.0.1 while its context is open.

    Example:
        with SyntheticServer(build_state(500, 1)) as server:
            server.faults.add(Fault("^/edfi/data", "status", times=2))
            requests.get(server.source_url("edfi"))

    Attributes:
        faults: what goes wrong, changeable at any time.
        edfi: the Ed-Fi API; `edfi.token_lifetime` may be changed.
        requests: method, path with query and answered status of each request, in order.
    """

    def __init__(
        self, state: SyntheticState, *, port: int = 0, faults: Iterable[Fault] = ()
    ) -> None:
        self.faults = Faults(faults)
        self.edfi = EdfiApi(edfi.resources(state))
        self.requests: list[tuple[str, str, int]] = []
        self._files = _stores(state)
        self._labstat = LabstatApi(bls_api.series(state))
        self._renderers = file_sources()
        self._state = self._served = state
        handler = type("SyntheticHandler", (_Handler,), {"owner": self})
        self._http = _HttpServer(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return int(self._http.server_address[1])

    def source_url(self, source: str) -> str:
        """Return the address for `P20W_<SOURCE>_URL`."""
        return f"http://127.0.0.1:{self.port}/{source}"

    def serve_state(self, state: SyntheticState) -> None:
        """Serve another state from now on; the one of the start stays known to the control."""
        self.edfi.serve(edfi.resources(state))
        self._files = _stores(state)
        self._served = state

    def start(self) -> None:
        """Begin to answer, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End; stalled requests are released."""
        self.faults.clear()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> "SyntheticServer":
        """Begin to answer."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        self.stop()

    def answer(self, request: Request, faults: Sequence[Fault]) -> Answer:
        """Answer a request whose path begins with a source's name."""
        source, _, rest = request.path.lstrip("/").partition("/")
        path = f"/{rest}" if rest else ""
        below = Request(
            request.method, path, request.query, request.headers, request.body,
            f"{request.base_url}/{source}",
        )  # fmt: skip
        if source == "edfi":
            return self.edfi.answer(below, faults)
        if source == "bls_api":
            return self._labstat.answer(below, faults)
        answering = getattr(self._renderers.get(source), "answer", None)
        answer: Answer | None = answering and answering(below, self._served, edit_of(faults))
        if answer is not None:
            return answer
        if source in self._files:
            return self._files[source].answer(below, edit_of(faults))
        if source.startswith("_"):
            return self._control(source, request)
        return json_answer(404, {"error": "not found"})

    def _control(self, name: str, request: Request) -> Answer:
        if name == "_requests":
            if request.method == "DELETE":
                self.requests.clear()
            return json_answer(200, self.requests)
        try:
            if name == "_state":
                return self._change(request)
            if name == "_faults":
                return self._change_faults(request)
        except (ValueError, TypeError, KeyError) as error:
            return json_answer(400, {"error": str(error)})
        return json_answer(404, {"error": "not found"})

    def _change(self, request: Request) -> Answer:
        state = self._state
        moves = int(json.loads(request.body)["move"])
        for place in range(moves):
            state = move_one_student(state, place)
        self.serve_state(state)
        return json_answer(200, {"move": moves})

    def _change_faults(self, request: Request) -> Answer:
        if request.method == "DELETE":
            self.faults.clear()
        if request.method == "POST":
            self.faults.replace(read_faults(json.loads(request.body)))
        return json_answer(200, self.faults.current())


def _stores(state: SyntheticState) -> dict[str, FileStore]:
    return {name: FileStore(module.files(state)) for name, module in file_sources().items()}


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news; anything else is."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    owner: SyntheticServer
    protocol_version = "HTTP/1.1"
    server_version = "Synthetic"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Stay silent; `requests` has them."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        query = {
            name: values[0]
            for name, values in parse_qs(parts.query, keep_blank_values=True).items()
        }
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            self.command,
            parts.path,
            query,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
            f"http://127.0.0.1:{self.owner.port}",
        )
        is_control = parts.path.startswith("/_")
        faults = [] if is_control else self.owner.faults.striking(self.path)
        if any(fault.kind == "reset" for fault in faults):
            self._reset()
            return
        answer = self._replaced(faults) or self.owner.answer(request, faults)
        if not is_control:
            self.owner.requests.append((self.command, self.path, answer.status))
        self._send(answer, faults)

    do_GET = do_HEAD = do_POST = do_DELETE = _serve  # noqa: N815 - names of the base class

    def _replaced(self, faults: Sequence[Fault]) -> Answer | None:
        """Return what a fault answers in place of the endpoint, None when it is left alone."""
        for fault in faults:
            if fault.kind == "status":
                wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
                return json_answer(fault.status, {"error": "synthetic fault"}, headers=wait)
            if fault.kind == "html":
                return Answer(200, _HTML, {"Content-Type": "text/html; charset=utf-8"})
            if fault.kind == "stall":
                self.owner.faults.released.wait(fault.seconds)
        return None

    def _send(self, answer: Answer, faults: Sequence[Fault]) -> None:
        kinds = {fault.kind for fault in faults}
        headers = dict(answer.headers)
        if "content_type" in kinds:
            headers["Content-Type"] = "application/octet-stream"
        body = answer.body
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        if "truncate" in kinds:
            body = body[: len(body) // 2]
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def _reset(self) -> None:
        """End the connection with a TCP reset."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until a signal ends it; write the port when ready."""
    parser = argparse.ArgumentParser(description="Serve a synthetic Wisconsin.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--students", type=int, default=25_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port-file", type=Path, help="written when the server is ready")
    parser.add_argument("--faults", default="[]", help="JSON list of faults")
    options = parser.parse_args(arguments)
    faults = read_faults(json.loads(options.faults))
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    state = build_state(options.students, options.seed)
    with SyntheticServer(state, port=options.port, faults=faults) as server:
        if options.port_file:
            partial = options.port_file.with_suffix(".partial")
            partial.write_text(f"{server.port}\n")
            partial.replace(options.port_file)
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.write(f"http://127.0.0.1:{server.port}\n")
            sys.stdout.flush()
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
