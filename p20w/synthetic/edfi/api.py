"""The Ed-Fi ODS/API 7 around the resources: discovery, OAuth, paging, counts, change versions.

Behaviour as the Ed-Fi Alliance documents it: client credentials by HTTP Basic, `offset` and `limit`
(default 25, at most 500), `totalCount=true` answered in the header `Total-Count`, errors as
`application/problem+json`. The change version of a record is its place in the resource plus the
records of the resources before it.
"""

import base64
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qs

from p20w.synthetic.answers import Answer, Request, json_answer
from p20w.synthetic.edfi.resource import Record, Resource
from p20w.synthetic.faults import Fault

KEY: Final = "synthetic"
SECRET: Final = "synthetic-secret"  # noqa: S105 - opens an invented state only
DATA_PATH: Final = "/data/v3/"
_DEFAULT_LIMIT: Final = 25
_LARGEST_LIMIT: Final = 500


class EdfiApi:
    """The API of one state.

    Attributes:
        token_lifetime: seconds for which a token opens the API; may be changed while it runs.
    """

    def __init__(
        self,
        resources: Mapping[str, Resource],
        *,
        token_lifetime: float = 1800,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.token_lifetime = token_lifetime
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, float] = {}
        self._resources: dict[str, Resource] = {}
        self._first_version: dict[str, int] = {}
        self.serve(resources)

    def serve(self, resources: Mapping[str, Resource]) -> None:
        """Offer these resources from now on."""
        first, version = {}, 1
        for name, resource in resources.items():
            first[name] = version
            version += resource.count
        with self._lock:
            self._resources, self._first_version = dict(resources), first
            self._newest_version = version - 1

    def resource(self, name: str) -> Resource:
        """Return a resource as it is served now."""
        return self._resources[name]

    def answer(self, request: Request, faults: Sequence[Fault] = ()) -> Answer:
        """Answer a request; the path begins below the source's base."""
        if any(fault.kind == "token_expiry" for fault in faults):
            self._tokens.clear()
        if request.path in ("", "/"):
            return self._discovery(request.base_url)
        if request.path == "/oauth/token":
            return self._token(request)
        if not self._is_authorised(request.headers.get("authorization", "")):
            return _problem(401, "security:authentication", "Authentication Failed")
        if request.path == "/changeQueries/v1/availableChangeVersions":
            return json_answer(
                200, {"oldestChangeVersion": 0, "newestChangeVersion": self._newest_version}
            )
        return self._page(request, faults)

    def _discovery(self, base: str) -> Answer:
        return json_answer(
            200,
            {
                "version": "7.3",
                "informationalVersion": "7.3",
                "suite": "3",
                "build": "7.3.20025.0",
                "applicationName": "Ed-Fi Alliance ODS/API",
                "dataModels": [
                    {
                        "name": "Ed-Fi",
                        "version": "5.0.0",
                        "informationalVersion": "The Ed-Fi Data Model 5.0",
                    }
                ],
                "urls": {
                    "dependencies": f"{base}/metadata/data/v3/dependencies",
                    "openApiMetadata": f"{base}/metadata/",
                    "oauth": f"{base}/oauth/token",
                    "dataManagementApi": f"{base}{DATA_PATH}",
                    "xsdMetadata": f"{base}/metadata/xsd",
                    "changeQueries": f"{base}/changeQueries/v1/",
                },
            },
        )

    def _token(self, request: Request) -> Answer:
        if request.method != "POST":
            return _problem(405, "method-not-allowed", "Method Not Allowed")
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        pair = f"{form.get('client_id', '')}:{form.get('client_secret', '')}"
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            pair = base64.b64decode(encoded, validate=False).decode("utf-8", "replace")
        if form.get("grant_type") != "client_credentials":
            return json_answer(400, {"error": "unsupported_grant_type"})
        if not secrets.compare_digest(pair.encode(), f"{KEY}:{SECRET}".encode()):
            return json_answer(401, {"error": "invalid_client"})
        token = secrets.token_hex(16)
        with self._lock:
            self._tokens[token] = self._clock() + self.token_lifetime
        reply = {
            "access_token": token,
            "expires_in": int(self.token_lifetime),
            "token_type": "bearer",
        }
        return json_answer(200, reply)

    def _is_authorised(self, header: str) -> bool:
        scheme, _, token = header.partition(" ")
        with self._lock:
            return scheme.lower() == "bearer" and self._tokens.get(token, 0.0) > self._clock()

    def _page(self, request: Request, faults: Sequence[Fault]) -> Answer:
        if not request.path.startswith(f"{DATA_PATH}ed-fi/"):
            return _problem(404, "not-found", "Not Found")
        name, _, part = request.path.removeprefix(f"{DATA_PATH}ed-fi/").partition("/")
        if name not in self._resources or part not in ("", "deletes", "keyChanges"):
            return _problem(404, "not-found", "Not Found")
        if part:
            return json_answer(200, [])
        wrong = _wrong_parameter(request.query)
        if wrong:
            return _problem(400, "bad-request:parameter", "Parameter Validation Failed", wrong)
        return self._records(self._resources[name], request.query, faults)

    def _records(
        self, resource: Resource, query: Mapping[str, str], faults: Sequence[Fault]
    ) -> Answer:
        kinds = {fault.kind for fault in faults}
        start, end = self._window(resource, query)
        if "half_rows" in kinds:
            end = start + (end - start) // 2
        offset = start + int(query.get("offset", "0"))
        limit = int(query.get("limit", str(_DEFAULT_LIMIT)))
        records = resource.render(min(offset, end), min(offset + limit, end))
        if "duplicate_rows" in kinds:
            records = [record for record in records for _ in range(2)]
        headers = {}
        if query.get("totalCount", "false").lower() == "true":
            lie = sum(fault.amount for fault in faults if fault.kind == "wrong_total")
            headers["Total-Count"] = str(end - start + lie)
        return json_answer(200, [_damaged(record, faults) for record in records], headers=headers)

    def _window(self, resource: Resource, query: Mapping[str, str]) -> tuple[int, int]:
        """Return the records between the asked change versions as start and stop."""
        first = self._first_version[resource.name]
        lowest = int(query.get("minChangeVersion", "0"))
        highest = int(query.get("maxChangeVersion", str(self._newest_version)))
        start = min(max(lowest - first, 0), resource.count)
        end = min(max(highest - first + 1, start), resource.count)
        return start, end


def _wrong_parameter(query: Mapping[str, str]) -> str:
    numbers = ("offset", "limit", "minChangeVersion", "maxChangeVersion")
    for name in numbers:
        text = query.get(name, "0")
        if not text.isdigit():
            return f"The {name} parameter was incorrect: a number from 0 on was expected."
    if int(query.get("limit", "0")) > _LARGEST_LIMIT:
        return f"The limit parameter was incorrect: it must be between 0 and {_LARGEST_LIMIT}."
    return ""


def _damaged(record: Record, faults: Sequence[Fault]) -> Record:
    for fault in faults:
        if fault.kind == "drop_column":
            record = {name: value for name, value in record.items() if name != fault.column}
        if fault.kind == "rename_column":
            old, new = fault.column, fault.renamed
            record = {new if name == old else name: value for name, value in record.items()}
    return record


def _problem(status: int, kind: str, title: str, error: str = "") -> Answer:
    detail = {
        "detail": "The request could not be processed. See 'errors' for details.",
        "type": f"urn:ed-fi:api:{kind}",
        "title": title,
        "status": status,
        "correlationId": secrets.token_hex(16),
        "errors": [error] if error else [],
    }
    return json_answer(status, detail, content_type="application/problem+json")
