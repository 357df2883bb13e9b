"""Benchmarks: what a user would otherwise pick, in the same run, as a ratio.

Reads nothing of the warehouse; makes its own server, files and home, and removes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def run_benches(console: Console) -> None:
    """Run all benches and print their tables."""
    # Not above: processes whose memory is measured import no more than what they run.
    from p20w.bench.loading import bench_loading  # noqa: PLC0415
    from p20w.bench.night import bench_night  # noqa: PLC0415
    from p20w.bench.single_file import bench_single_file  # noqa: PLC0415

    bench_loading(console)
    bench_single_file(console)
    bench_night(console)
