"""Faults of upstream, each switchable while the server runs, per address pattern."""

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from p20w.synthetic.wire import Edit

Kind = Literal[
    "status",
    "stall",
    "truncate",
    "html",
    "content_type",
    "reset",
    "token_expiry",
    "wrong_total",
    "rename_column",
    "drop_column",
    "half_rows",
    "duplicate_rows",
    "quota",
    "refusal",
    "unknown_series",
    "results_list",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        path: regular expression, searched in path and query of a request.
        kind: what goes wrong.
        after: so many matching requests pass before the first one suffers.
        times: so many matching requests suffer, None for every one.
        status: answered status of `status`.
        retry_after: seconds of a `Retry-After` header, none when None.
        seconds: how long `stall` holds the socket; clearing the faults releases it.
        column: the column (csv, xlsx) or top-level key (Ed-Fi) of `rename_column`, `drop_column`,
            or the series of `unknown_series`.
        renamed: its new name.
        amount: added to the total count by `wrong_total`.
    """

    path: str
    kind: Kind
    after: int = 0
    times: int | None = None
    status: int = 503
    retry_after: int | None = None
    seconds: float = 3600.0
    column: str = ""
    renamed: str = ""
    amount: int = 7


class Faults:
    """The faults in force; safe to change while requests are served."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._seen: list[int] = []
        self.released = threading.Event()
        self.replace(faults)

    def replace(self, faults: Iterable[Fault]) -> None:
        """Put these faults in force and no others; stalled requests go on."""
        with self._lock:
            self.released.set()
            self.released = threading.Event()
            self._faults = list(faults)
            self._seen = [0] * len(self._faults)

    def add(self, fault: Fault) -> None:
        """Put one more fault in force."""
        with self._lock:
            self._faults.append(fault)
            self._seen.append(0)

    def clear(self) -> None:
        """Put no fault in force; stalled requests go on."""
        self.replace(())

    def current(self) -> list[dict[str, Any]]:
        """Return the faults in force as mappings."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def seen(self) -> int:
        """Return how many requests matched a fault in force, struck or not."""
        with self._lock:
            return sum(self._seen)

    def striking(self, path: str) -> list[Fault]:
        """Count a request and return the faults that strike it."""
        struck = []
        with self._lock:
            for place, fault in enumerate(self._faults):
                if not re.search(fault.path, path):
                    continue
                seen = self._seen[place]
                self._seen[place] += 1
                is_over = fault.times is not None and seen >= fault.after + fault.times
                if seen >= fault.after and not is_over:
                    struck.append(fault)
        return struck


def read_faults(items: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """Read faults from JSON values.

    Raises:
        ValueError: a key or kind is unknown; correct the request.
    """
    known = {field.name for field in fields(Fault)}
    faults = []
    for item in items:
        unknown = sorted(set(item) - known)
        if unknown or not {"path", "kind"} <= set(item):
            raise ValueError(
                f"a fault has path and kind and may have {sorted(known)}; found {unknown}"
            )
        if item["kind"] not in get_args(Kind):
            raise ValueError(f"kind is one of {get_args(Kind)}; found {item['kind']}")
        faults.append(Fault(**item))
    return faults


def edit_of(faults: Iterable[Fault]) -> Edit:
    """Return what the content faults do to a table."""
    drop, rename, half, duplicate = "", ("", ""), False, False
    for fault in faults:
        drop = fault.column if fault.kind == "drop_column" else drop
        rename = (fault.column, fault.renamed) if fault.kind == "rename_column" else rename
        half = half or fault.kind == "half_rows"
        duplicate = duplicate or fault.kind == "duplicate_rows"
    return Edit(drop=drop, rename=rename, half=half, duplicate=duplicate)
