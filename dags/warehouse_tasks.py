"""A task is one call of the warehouse's own code, and its failure follows from the error's class.

`Transient` stays an ordinary failure, which Airflow tries again; `Terminal` stops at once. The text
of any other exception could hold a row, so only its class and its place in the code are told. The
warehouse is imported in the task's process: it takes seconds, and DAG files are read over and over.
"""

from __future__ import annotations

import functools
import pkgutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import CronTriggerTimetable, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from p20w.errors import Terminal, Transient, unforeseen
from p20w.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable


def clock(cron: str) -> CronTriggerTimetable:
    """A schedule in Wisconsin's time that starts nothing when Airflow itself starts.

    Airflow 3.3 takes its default (False) for "the last time, if a tenth of the period has not
    passed": a home started at four in the morning would begin with a night of its own.
    """
    return CronTriggerTimetable(cron, timezone="America/Chicago", run_immediately=timedelta(0))


def step(task_id: str, function_name: str, **options: Any) -> Any:
    """Make a task that calls `package.module:function` with the settings, then its arguments.

    Args:
        task_id: The task's id.
        function_name: Where the function is; what it returns goes to XCom only if it is an id.
        options: Options of Airflow's `task`.
    """

    def call(*arguments: Any) -> int | None:
        result = pkgutil.resolve_name(function_name)(load_settings(), *arguments)
        return result if isinstance(result, int) else None

    return warehouse_task(call, task_id=task_id, **options)


def warehouse_task(function: Callable[..., Any], **options: Any) -> Any:
    """Make an Airflow task of a function that calls the warehouse and returns ids at most."""

    @functools.wraps(function)
    def run(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except Terminal as error:
            raise AirflowFailException(f"{type(error).__name__}: {error}") from None
        except Transient as error:
            raise type(error)(str(error)) from None
        except AirflowException:
            raise
        except Exception as error:  # noqa: BLE001 - its text could hold a person
            raise RuntimeError(unforeseen(error)) from None

    return task(**options)(run)
