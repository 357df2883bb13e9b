"""Runs one step as a task of Airflow and prints the error as Airflow prints it.

A program of its own: importing Airflow changes logging and the environment of a whole process.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback

from structlog.tracebacks import ExceptionDictTransformer
from warehouse_tasks import step


def main(function_name: str, run_id: str) -> None:
    logging.basicConfig(level=logging.DEBUG, force=True)
    try:
        step("a_step", function_name).function(int(run_id))
    except Exception as error:
        traceback.print_exc()
        # With these arguments Airflow 3.3 writes an error into a task's log.
        frames = ExceptionDictTransformer(use_rich=False, show_locals=False)
        sys.stdout.write(json.dumps(frames((type(error), error, error.__traceback__))))
        raise


if __name__ == "__main__":
    main(*sys.argv[1:])
