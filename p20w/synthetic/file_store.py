"""Files below a base address: ETag, Last-Modified, conditional requests, a listing."""

import threading
from collections.abc import Mapping
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from p20w.synthetic.answers import Answer, Request, json_answer
from p20w.synthetic.wire import Edit, SyntheticFile


class FileStore:
    """The files of one source; each is rendered when it is first asked for."""

    def __init__(self, files: Mapping[str, SyntheticFile]) -> None:
        self._files = dict(files)
        self._lock = threading.Lock()
        self._rendered: dict[tuple[str, Edit], tuple[bytes, str]] = {}

    def answer(self, request: Request, edit: Edit) -> Answer:
        """Answer a request; the path is a file's name, or empty for the listing."""
        name = request.path.removeprefix("/")
        if not name:
            return json_answer(200, self._listing())
        file = self._files.get(name)
        if file is None:
            return json_answer(404, {"error": "not found"})
        if request.method not in ("GET", "HEAD"):
            return json_answer(405, {"error": "method not allowed"})
        content, etag = self._content(file, edit)
        stamps = {"ETag": etag, "Last-Modified": format_datetime(file.modified, usegmt=True)}
        if _is_unchanged(request.headers, file, etag):
            return Answer(304, b"", stamps)
        return Answer(200, content, {"Content-Type": file.content_type, **stamps})

    def _listing(self) -> list[dict[str, str]]:
        return [
            {"name": file.name, "last_modified": file.modified.isoformat()}
            for file in self._files.values()
        ]

    def _content(self, file: SyntheticFile, edit: Edit) -> tuple[bytes, str]:
        key = (file.name, edit)
        with self._lock:
            if key not in self._rendered:
                content = file.render(edit)
                self._rendered[key] = (content, f'"{sha256(content).hexdigest()[:32]}"')
            return self._rendered[key]


def _is_unchanged(headers: Mapping[str, str], file: SyntheticFile, etag: str) -> bool:
    """Decide as RFC 9110 says: If-None-Match first, If-Modified-Since only without it."""
    if "if-none-match" in headers:
        known = {tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")}
        return etag in known or "*" in known
    if "if-modified-since" in headers:
        try:
            since = parsedate_to_datetime(headers["if-modified-since"])
        except ValueError:
            return False
        return file.modified <= since
    return False
