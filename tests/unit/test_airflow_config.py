"""Airflow's configuration as environment variables."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from p20w.airflow_config import AirflowSecrets, inherited_environment, services_environment


def environment(dsn: str = "postgresql+psycopg2://u:p@h:5/airflow") -> dict[str, str]:
    keys = AirflowSecrets("fernet", "api", "jwt")
    return services_environment(
        Path("/home/airflow"), Path("/dags"), dsn, 4711, keys, Path("/home/airflow/passwords.json")
    )


def test_tasks_call_the_api_server_on_the_chosen_port() -> None:
    made = environment()

    assert made["AIRFLOW__API__PORT"] == "4711"
    assert made["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:4711/execution/"


def test_asynchronous_connections_use_an_installed_driver() -> None:
    made = environment("postgresql+psycopg2://u:p@h:5/airflow?sslmode=require")

    assert made["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC"] == (
        "postgresql+psycopg://u:p@h:5/airflow?sslmode=require"
    )


def test_dag_folder_is_the_only_bundle() -> None:
    bundles = json.loads(environment()["AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"])

    assert [bundle["kwargs"]["path"] for bundle in bundles] == ["/dags"]


def test_nothing_phones_home() -> None:
    made = environment()

    assert made["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"
    assert made["SCARF_ANALYTICS"] == "false"
    assert made["DO_NOT_TRACK"] == "1"


def test_secrets_differ_at_every_making_and_do_not_show() -> None:
    first, second = AirflowSecrets.new(), AirflowSecrets.new()

    assert first.jwt_secret != second.jwt_secret
    assert len(base64.urlsafe_b64decode(first.fernet_key)) == 32
    assert repr(first) == "AirflowSecrets()"


def test_calls_to_the_own_machine_never_go_through_a_proxy() -> None:
    kept = inherited_environment({"NO_PROXY": "example.org", "HTTP_PROXY": "http://proxy:1"})

    assert kept["NO_PROXY"] == "example.org,127.0.0.1"
    assert kept["no_proxy"] == "127.0.0.1"
    assert kept["HTTP_PROXY"] == "http://proxy:1"


def test_connections_are_kept_and_another_airflow_is_not() -> None:
    present = {
        "AIRFLOW_HOME": "/another",
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW_CONN_P20W_EDFI": "http://key:secret@host",
        "AIRFLOW__SMTP__SMTP_HOST": "mail.example.org",
    }

    kept = inherited_environment(present)

    assert {name for name in kept if name.startswith("AIRFLOW")} == {
        "AIRFLOW_CONN_P20W_EDFI",
        "AIRFLOW__SMTP__SMTP_HOST",
    }
