"""The production shape: compose file and image, read without a Docker daemon."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from ingestion.registry import sources
from p20w.airflow_config import OPTIONS
from p20w.airflow_services import COMMANDS
from p20w.cli import app
from p20w.server_configuration import LEAK_GUARDS
from p20w.settings import CHECKOUT, Settings

AIRFLOW_SERVICES = {f"airflow-{name}": name for name in COMMANDS}
# On one machine beside other programs these differ on purpose: see p20w.airflow_config.
EMBEDDED_ONLY = {
    "AIRFLOW__API__HOST",
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME",
    "OBJC_DISABLE_INITIALIZE_FORK_SAFETY",
    "SPT_NOENV",
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text()))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    return dict(compose["services"])


@pytest.fixture(scope="module")
def dockerfile() -> list[str]:
    text = (CHECKOUT / "Dockerfile").read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_all_parts_of_the_production_shape_are_there(services: dict[str, Any]) -> None:
    assert set(services) == {"warehouse", "metadata", "init", *AIRFLOW_SERVICES}


def test_each_airflow_service_runs_the_command_that_the_embedded_one_runs(
    services: dict[str, Any],
) -> None:
    for service, name in AIRFLOW_SERVICES.items():
        after_airflow = list(COMMANDS[name])[COMMANDS[name].index("airflow") + 1 :]
        assert services[service]["command"] == ["airflow", *after_airflow], service


def test_every_setting_named_is_one(services: dict[str, Any]) -> None:
    known = {f"P20W_{name.upper()}" for name in Settings.model_fields}
    known |= {f"P20W_{source.name.upper()}_URL" for source in sources()}
    named = {
        name
        for service in services.values()
        for name in service["environment"]
        if name.startswith("P20W_")
    }

    assert named
    assert named <= known


def test_any_other_setting_comes_from_the_file_beside_it(services: dict[str, Any]) -> None:
    """An entry of `environment` would win over the file: only what the containers need is there."""
    for service in ("init", *AIRFLOW_SERVICES):
        set_here = {name for name in services[service]["environment"] if name.startswith("P20W_")}

        assert services[service]["env_file"] == [".env"], service
        assert set_here == {"P20W_HOME", "P20W_DATABASE_URL"}, service


def test_no_secret_stands_in_the_file(services: dict[str, Any]) -> None:
    checked = 0
    for service in services.values():
        for name, value in service["environment"].items():
            if re.search(r"PASSWORD$|_KEY$|SECRET$", name):
                assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), name
                checked += 1
            for password in re.findall(r"://[^:/]+:(.+)@", value or ""):
                assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", password), name
                checked += 1

    assert checked >= 8


def test_airflow_is_set_as_in_the_embedded_form(services: dict[str, Any]) -> None:
    expected = {name: value for name, value in OPTIONS.items() if name not in EMBEDDED_ONLY}
    for service in AIRFLOW_SERVICES:
        environment = services[service]["environment"]
        assert {name: environment.get(name) for name in expected} == expected, service


def test_dag_bundle_is_the_folder_of_the_image(services: dict[str, Any]) -> None:
    environment = services["airflow-dag-processor"]["environment"]
    bundles = json.loads(environment["AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"])

    assert [bundle["kwargs"]["path"] for bundle in bundles] == ["/opt/p20w/dags"]


def test_warehouse_server_keeps_rows_out_of_its_log(services: dict[str, Any]) -> None:
    command = services["warehouse"]["command"]

    assert set(command) >= {f"{name}={value}" for name, value in LEAK_GUARDS.items()}


def test_init_runs_once_and_its_command_exists(services: dict[str, Any]) -> None:
    names = {command.name or command.callback.__name__ for command in app.registered_commands}
    used = re.findall(r"p20w (\w+)", services["init"]["command"][-1])

    assert used == ["init"]
    assert set(used) <= names
    assert services["init"]["restart"] == "no"


def test_everything_waits_for_what_it_needs(
    compose: dict[str, Any], services: dict[str, Any]
) -> None:
    for service in AIRFLOW_SERVICES:
        needed = services[service]["depends_on"]
        assert needed == {"init": {"condition": "service_completed_successfully"}}, service
    assert set(services["init"]["depends_on"]) == {"warehouse", "metadata"}
    assert all("healthcheck" in services[name] for name in services["init"]["depends_on"])
    used = {
        volume.partition(":")[0] for service in services.values() for volume in service["volumes"]
    }
    assert used == set(compose["volumes"])


def test_nothing_listens_beyond_this_machine(services: dict[str, Any]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]

    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_image_runs_as_an_ordinary_user_on_pinned_packages(dockerfile: list[str]) -> None:
    users = [line.split()[1] for line in dockerfile if line.startswith("USER ")]
    installs = [line for line in dockerfile if "pip install" in line]

    assert users[-1:] == ["p20w"]
    assert any("--require-hashes --requirement requirements.lock" in line for line in installs)
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)


def test_image_copies_what_exists_and_the_builder_may_see(dockerfile: list[str]) -> None:
    copied = [
        name for line in dockerfile if line.startswith("COPY ") for name in line.split()[1:-1]
    ]
    ignore = (CHECKOUT / ".dockerignore").read_text().splitlines()

    assert all((CHECKOUT / name).exists() for name in copied)
    assert ignore[1] == "*"
    assert {f"!{name}" for name in copied} == {line for line in ignore if line.startswith("!")}
    assert "**/.env" in ignore
