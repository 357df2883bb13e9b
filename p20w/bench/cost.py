"""What one run costs, measured from inside the process that does it.

Flow: `main` of a bench's child process -> seconds, processor time and peak memory -> its parent.
"""

from __future__ import annotations

import re
import resource
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
LINUX_STATUS = Path("/proc/self/status")


def cost_of(run: Callable[[], T]) -> tuple[T, dict[str, float]]:
    """Run once.

    Returns:
        What it returns; `seconds`, `client_cpu` (seconds) and `peak_mb` of this process so far.
    """
    pa.scalar(0)  # pyarrow imports pandas at its first value; imports are not what is measured
    before = resource.getrusage(resource.RUSAGE_SELF)
    begun = time.monotonic()
    result = run()
    seconds = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_SELF)
    return result, {
        "seconds": seconds,
        "client_cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "peak_mb": _peak_bytes() / 1e6,
    }


def _peak_bytes() -> int:
    """On Linux `ru_maxrss` also has the peak of the process that this one was forked from."""
    if LINUX_STATUS.exists():
        found = re.search(r"^VmHWM:\s+(\d+) kB$", LINUX_STATUS.read_text(), re.MULTILINE)
        if found is not None:
            return int(found[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
