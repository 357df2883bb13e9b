"""Latency of readers while the pointer moves, against the same readers with no move.

Twenty readers query published marts without pause; meanwhile the pointer moves a hundred times
among the attached releases. A reader must not feel a publication.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import psycopg
from rich.table import Table

from p20w.postgres import connect, dsn
from p20w.release.pointer import move_pointer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from p20w.settings import Settings

READERS = 20
STATEMENTS_EACH = 200
MOVES = 100
QUESTIONS = (
    "select school_year, sum(member_count) from marts.mart_enrollment"
    " where organization_level = 'region' group by school_year",
    "select soc_title, annual_median_wage_usd from marts.mart_wage_by_occupation"
    " where area_code = '55' and occupation_group = 'detailed'",
    "select is_synthetic, inputs from marts.release_info",
)


def bench_readers(settings: Settings, console: Console) -> None:
    """Measure both and print median, 99th percentile and their ratios.

    Args:
        settings: A warehouse with at least two attached releases.
        console: Told the figures.
    """
    with connect(settings, "publisher") as connection:
        attached = [
            int(row[0])
            for row in connection.execute(
                "select release_id from ops.release where state = 'published'"
                " order by release_id desc limit 3"
            ).fetchall()
        ]
    _measure(settings, [])  # warms the server's caches
    still = _measure(settings, [])
    moving = _measure(settings, attached)
    table = Table("readers", "p50 ms", "p99 ms", "p99 / p99 without moves")
    for name, seconds in (("no move", still), (f"{MOVES} moves", moving)):
        middle, late = np.percentile(seconds, [50, 99])
        ratio = late / np.percentile(still, 99)
        table.add_row(name, f"{1000 * middle:.1f}", f"{1000 * late:.1f}", f"{ratio:.2f}")
    console.print(table)
    console.print(
        f"  {READERS} readers, {READERS * STATEMENTS_EACH:,} statements each way,"
        f" {len(attached)} attached releases"
    )


def _measure(settings: Settings, releases: Sequence[int]) -> list[float]:
    """Seconds of every statement; the pointer moves evenly over them if there are releases."""
    seconds: list[float] = []

    def read(number: int) -> None:
        with psycopg.connect(dsn(settings, "bi_reader"), autocommit=True) as connection:
            for turn in range(STATEMENTS_EACH):
                begun = time.perf_counter()
                connection.execute(QUESTIONS[(number + turn) % len(QUESTIONS)].encode()).fetchall()
                seconds.append(time.perf_counter() - begun)

    with (
        ThreadPoolExecutor(READERS) as pool,
        connect(settings, "publisher", autocommit=True) as connection,
    ):
        readers = [pool.submit(read, number) for number in range(READERS)]
        for move in range(MOVES if releases else 0):
            due = move * READERS * STATEMENTS_EACH // MOVES
            while len(seconds) < due and not all(reader.done() for reader in readers):
                time.sleep(0.001)
            move_pointer(connection, releases[move % len(releases)])
        for reader in readers:
            reader.result()
        if releases:
            move_pointer(connection, releases[0])
    return seconds
