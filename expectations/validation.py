"""Great Expectations on a schema's tables: objects -> outcomes and pages, never a value of a row.

Results are BOOLEAN_ONLY; of an expectation that could not be evaluated only the error's class is
kept, because its text may quote a row. Importing Great Expectations takes seconds: only here, late.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from expectations.doors import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from expectations.doors import Batch

BOOLEAN_ONLY = {"result_format": "BOOLEAN_ONLY"}
NO_EXCEPTION = {"raised_exception": False, "exception_message": None, "exception_traceback": None}
# The last line of a traceback begins with the error's class; drivers' classes say most.
DRIVER_ERROR = re.compile(r"psycopg\.errors\.(\w+)")
ERROR_CLASS = re.compile(r"^(?:[\w]+\.)*(\w*(?:Error|Exception))\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Validation:
    """A batch's outcomes with the expectations they belong to, and its page of Data Docs."""

    table: str
    outcomes: tuple[tuple[Any, Outcome], ...]
    page: str | None


def tag(check_id: str) -> dict[str, str]:
    """The `meta` that ties an expectation to its entry in the catalogue."""
    return {"check_id": check_id}


def validate(
    url: str, schema: str, suite: Callable[[], Sequence[Batch]], run_name: str
) -> tuple[Validation, ...]:
    """Run the expectations of all batches on one connection.

    Args:
        url: SQLAlchemy address of the checker.
        schema: Schema of the tables.
        suite: Makes the tables' expectations; called once Great Expectations is imported quietly.
        run_name: Shown on the pages.

    Returns:
        One validation per batch; a table that is not there fails each of its expectations.
    """
    with quiet():
        import great_expectations as gx  # noqa: PLC0415 - takes seconds

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        source = context.data_sources.add_postgres(
            schema, connection_string=_in_schema(url, schema)
        )
        try:
            return tuple(_validate(gx, source, batch, run_name) for batch in suite())
        finally:
            source.get_execution_engine().close()
            source.get_engine().dispose()


@contextmanager
def quiet() -> Iterator[None]:
    """Great Expectations without telemetry, logs that quote statements, and import warnings."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logger = logging.getLogger("great_expectations")
    before = logger.disabled, logger.propagate, logger.level
    logger.propagate, logger.level = False, logging.CRITICAL + 1
    try:
        with warnings.catch_warnings():
            # It imports sre_constants and sre_parse, which Python 3.11 deprecates.
            warnings.filterwarnings("ignore", "module 'sre_", DeprecationWarning)
            yield
    finally:
        logger.disabled, logger.propagate, logger.level = before


def _in_schema(url: str, schema: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}"


def _validate(gx: Any, source: Any, batch: Batch, run_name: str) -> Validation:
    suite = gx.ExpectationSuite(name=batch.table, expectations=list(batch.expectations))
    try:
        asset = source.add_table_asset(batch.table, table_name=batch.table)
        found = asset.add_batch_definition_whole_table("whole").get_batch()
        result = found.validate(suite, result_format=BOOLEAN_ONLY)
    except gx.datasource.fluent.interfaces.TestConnectionError:
        missing = "TableNotReadable"
        return Validation(
            batch.table,
            tuple(
                (
                    one.configuration,
                    Outcome(one.meta["check_id"], batch.table, success=False, error=missing),
                )
                for one in batch.expectations
            ),
            None,
        )
    outcomes = tuple((one.expectation_config, _outcome(batch, one)) for one in result.results)
    for one in result.results:
        one.exception_info = dict(NO_EXCEPTION)
    return Validation(batch.table, outcomes, _page(result, run_name))


def _outcome(batch: Batch, one: Any) -> Outcome:
    config = one.expectation_config
    columns = [
        value
        for key, value in config.kwargs.items()
        if key in {"column", "column_A", "column_B", "column_list"}
    ]
    named = ", ".join(",".join(name) if isinstance(name, list) else str(name) for name in columns)
    return Outcome(
        check_id=config.meta["check_id"],
        about=f"{batch.table}.{named}" if named else batch.table,
        success=bool(one.success),
        error=error_class(str(one.exception_info)) if _raised(one.exception_info) else None,
    )


def _raised(exception_info: Any) -> bool:
    """Whether an expectation raised: the record is flat, or one record per metric."""
    if not isinstance(exception_info, dict):
        return False
    if "raised_exception" in exception_info:
        return bool(exception_info["raised_exception"])
    return any(_raised(nested) for nested in exception_info.values())


def error_class(text: str) -> str:
    """The class of an error out of its traceback; nothing else of the text is kept."""
    found = DRIVER_ERROR.search(text) or ERROR_CLASS.search(text.replace("\\n", "\n"))
    return found.group(1) if found else "UnknownError"


def _page(result: Any, run_name: str) -> str:
    from great_expectations.core.run_identifier import RunIdentifier  # noqa: PLC0415 - as above
    from great_expectations.render.renderer.page_renderer import (  # noqa: PLC0415 - as above
        ValidationResultsPageRenderer,
    )

    result.meta["run_id"] = RunIdentifier(run_name=run_name)
    document = ValidationResultsPageRenderer().render(result)
    return str(_view().render(document, show_how_to_buttons=False))


@cache
def _view() -> Any:
    """Made once: with each new one Great Expectations compiles all of its templates."""
    from great_expectations.render.view import DefaultJinjaPageView  # noqa: PLC0415 - as above

    return DefaultJinjaPageView()
