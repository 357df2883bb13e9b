"""Airflow's configuration, whole, as environment variables: no `airflow.cfg` decides anything.

Flow: folders, port, secrets, metadata database -> the environment of the four services.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MARK = "P20W_AIRFLOW_SERVICES_OF"
"""Carried by every process of the services; its value is their folder."""

USER = "admin"

# What an owner may hand in from outside; other AIRFLOW* variables belong to another Airflow.
KEPT_PREFIXES = ("AIRFLOW_CONN_", "AIRFLOW_VAR_", "AIRFLOW__SMTP__", "AIRFLOW__SECRETS__")

OPTIONS = {
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "AIRFLOW__CORE__PARALLELISM": "4",
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    "AIRFLOW__CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager"
    ".SimpleAuthManager",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
    "AIRFLOW__API__HOST": "127.0.0.1",
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    # A changed DAG file is parsed at once; this is how often an unchanged one is.
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "120",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.25",
    "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
    "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
    # Nothing phones home.
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "SCARF_ANALYTICS": "false",
    "DO_NOT_TRACK": "1",
    # setproctitle would write over the environment that `MARK` is read from.
    "SPT_NOENV": "1",
    # macOS ends a forked process that touches certain frameworks.
    "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
}


@dataclass(frozen=True, slots=True)
class AirflowSecrets:
    """What signs and encrypts; made once per home."""

    fernet_key: str = field(repr=False)
    api_secret_key: str = field(repr=False)
    jwt_secret: str = field(repr=False)

    @classmethod
    def new(cls) -> AirflowSecrets:
        """Fresh random secrets."""
        return cls(
            fernet_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            api_secret_key=secrets.token_urlsafe(32),
            jwt_secret=secrets.token_urlsafe(64),
        )


def services_environment(
    folder: Path,
    dags_folder: Path,
    metadata_dsn: str,
    port: int,
    keys: AirflowSecrets,
    passwords_file: Path,
) -> dict[str, str]:
    """The variables that make a process part of the Airflow in `folder`."""
    bundles = [
        {
            "name": "p20w",
            "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle",
            "kwargs": {"path": str(dags_folder), "refresh_interval": 30},
        }
    ]
    return OPTIONS | {
        MARK: str(folder),
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags_folder),
        "AIRFLOW__CORE__FERNET_KEY": keys.fernet_key,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords_file),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata_dsn,
        # Airflow would take asyncpg, which is not installed; psycopg 3 is.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": metadata_dsn.replace(
            "+psycopg2://", "+psycopg://", 1
        ),
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__SECRET_KEY": keys.api_secret_key,
        "AIRFLOW__API_AUTH__JWT_SECRET": keys.jwt_secret,
        "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles),
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
    }


def inherited_environment(present: Mapping[str, str]) -> dict[str, str]:
    """The present environment without another Airflow's variables, our programs found first."""
    kept = {
        name: value
        for name, value in present.items()
        if not name.startswith("AIRFLOW") or name.startswith(KEPT_PREFIXES)
    }
    kept["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    for name in ("NO_PROXY", "no_proxy"):
        # Tasks talk to the API server by HTTP; an owner's proxy must not get those calls.
        kept[name] = ",".join(filter(None, [kept.get(name), "127.0.0.1"]))
    return kept
