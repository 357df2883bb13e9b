"""Benchmarks: what a user would otherwise pick, in the same run, as a ratio.

Reads nothing of the warehouse; makes its own server, files and home, and removes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from p20w.bench.loading import bench_loading
from p20w.bench.night import bench_night
from p20w.bench.single_file import bench_single_file

if TYPE_CHECKING:
    from rich.console import Console


def run_benches(console: Console) -> None:
    """Run all benches and print their tables."""
    bench_loading(console)
    bench_single_file(console)
    bench_night(console)
