"""The steps of a night, in their order.

`dags/nightly.py` makes a task of each; the tests and the bench run them in one process. They are
named, not imported: Airflow reads its DAG files over and over, and the warehouse takes seconds.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from p20w.settings import Settings


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `package.module:function`, called with the settings, the run and the arguments."""

    name: str
    function: str
    arguments: tuple[str, ...] = ()

    def run(self, settings: Settings, run_id: int) -> None:
        """Call it in this process; its errors are its own."""
        pkgutil.resolve_name(self.function)(settings, run_id, *self.arguments)


STEPS = (
    Step("build_staging", "p20w.dbt_runner:build", ("staging",)),
    Step("door_staging", "expectations.gate:open_door", ("staging",)),
    Step("resolve_identity", "p20w.identity:resolve"),
    Step("build_core", "p20w.dbt_runner:build", ("core",)),
    Step("door_core", "expectations.gate:open_door", ("core",)),
    Step("build_marts", "p20w.dbt_runner:build", ("marts",)),
    Step("protect", "p20w.release:protect"),
    Step("audit", "p20w.release:audit"),
    Step("door_release", "expectations.gate:open_door", ("release",)),
    Step("publish", "p20w.release:publish"),
    Step("export", "p20w.exports:export"),
)
