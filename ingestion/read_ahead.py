"""Reading and typing the next batch while the database takes this one.

Flow: batches -> a thread and a short queue -> the loader. Memory stays bounded by the queue.
"""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")
DEPTH = 12
"""Enough that a pause on one side does not stop the other; of slices of COPY at most 48 MB."""

LOOK_SECONDS = 0.2


class _End:
    """The last thing in the queue: how the reading ended."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


@contextmanager
def read_ahead(items: Iterator[T]) -> Iterator[Iterator[T]]:
    """Draw items in a thread, at most `DEPTH` ahead; an error there is raised here.

    Leaving early ends the thread before anything else happens.
    """
    ahead: queue.Queue[T | _End] = queue.Queue(DEPTH)
    stopped = threading.Event()
    thread = threading.Thread(
        target=_draw, args=(items, ahead, stopped), name="p20w-read-ahead", daemon=True
    )
    thread.start()
    try:
        yield _taken(ahead)
    finally:
        stopped.set()
        thread.join()


def _draw(items: Iterator[T], ahead: queue.Queue[T | _End], stopped: threading.Event) -> None:
    ending = _End(None)
    try:
        for item in items:
            _put(item, ahead, stopped)
            if stopped.is_set():
                return
    except BaseException as error:  # noqa: BLE001 - raised again where the items are taken
        ending = _End(error)
    _put(ending, ahead, stopped)


def _put(item: T | _End, ahead: queue.Queue[T | _End], stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            ahead.put(item, timeout=LOOK_SECONDS)
        except queue.Full:
            continue
        return


def _taken(ahead: queue.Queue[T | _End]) -> Iterator[T]:
    while True:
        item = ahead.get()
        if isinstance(item, _End):
            if item.error is not None:
                raise item.error
            return
        yield item
