"""Rules of the dbt project that are read from its manifest (style: rules that are tests)."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from p20w.dbt_runner import PROJECT, read_manifest
from p20w.settings import Settings

PREFIXES = {
    "models/staging/": ("stg_",),
    "models/core/dimensions/": ("dim_",),
    "models/core/bridges/": ("bridge_",),
    "models/core/facts/": ("fct_",),
    "models/core/intermediate/": ("int_",),
    "models/marts/": ("mart_", "release_info", "data_dictionary"),
}
READS_THE_LEDGER = {
    *("dim_snapshot", "dim_clearinghouse_return", "release_info", "data_dictionary"),
    *("dim_source_file", "int_source_file__publications"),
    "mart_vintages",
}
KEY_TESTS = {"unique", "unique_combination"}
PERSONAL = re.compile(
    r"^(student_id_\w+|nsc_return_id|(first|middle|last)_name|middle_initial|name_suffix"
    r"|birth_date|identification_code)$"
)
MOST_JOINS = 7
LONGEST_YML = 300
MART_COLUMNS = {
    "snapshot_id", "data_view", "as_of_date", "is_provisional", "is_comparable_to_prior",
    "break_reason", "is_additive", "denominator_definition",
}  # fmt: skip
LONGEST_POSTGRES_NAME = 63


@pytest.fixture(scope="session")
def manifest(parsed_project: Path) -> Any:
    """The project as dbt understands it; no database is needed."""
    return read_manifest(Settings(home=parsed_project.parent.parent, _env_file=None))


@pytest.fixture(scope="session")
def models(manifest: Any) -> list[Any]:
    found = [node for node in manifest.nodes.values() if node.resource_type == "model"]
    assert len(found) > 20
    return found


@pytest.fixture(scope="session")
def parents(manifest: Any, models: list[Any]) -> dict[str, list[Any]]:
    """Per model: the models and seeds it refers to and the sources it reads."""
    known = {**manifest.nodes, **manifest.sources}
    return {node.name: [known[key] for key in node.depends_on_nodes] for node in models}


def folder(node: Any) -> str:
    return str(node.original_file_path).split("/")[1]


def is_source(node: Any) -> bool:
    return str(node.resource_type) == "source"


def test_folder_and_prefix_agree(models: list[Any]) -> None:
    wrong = [
        node.original_file_path
        for node in models
        if not any(
            node.original_file_path.startswith(place) and node.name.startswith(prefixes)
            for place, prefixes in PREFIXES.items()
        )
    ]

    assert wrong == []


def test_a_staging_model_reads_one_table_of_its_own_source_through_landed(
    models: list[Any], parents: dict[str, list[Any]]
) -> None:
    wrong = []
    for node in models:
        if folder(node) != "staging":
            continue
        stem = node.original_file_path.split("/")[2]
        read = [p for p in parents[node.name] if getattr(p, "source_name", "") != "ops"]
        named = node.name.startswith(f"stg_{stem}__")
        through = re.findall(r"landed\('(\w+)', '\w+'\)", node.raw_code) == [stem]
        if not (named and through and len(read) == 1 and is_source(read[0])):
            wrong.append(node.name)

    assert wrong == []


def test_nothing_but_landed_reads_a_publishers_table(
    models: list[Any], parents: dict[str, list[Any]]
) -> None:
    wrong = [
        node.name
        for node in models
        if folder(node) != "staging"
        and any(is_source(p) and p.schema.startswith("raw_") for p in parents[node.name])
    ]

    assert wrong == []


def test_core_does_not_read_marts(models: list[Any], parents: dict[str, list[Any]]) -> None:
    wrong = [
        node.name
        for node in models
        if folder(node) == "core"
        and any(not is_source(p) and folder(p) == "marts" for p in parents[node.name])
    ]

    assert wrong == []


def test_marts_read_only_core_and_the_ledger_where_they_must(
    models: list[Any], parents: dict[str, list[Any]]
) -> None:
    wrong = [
        (node.name, parent.name)
        for node in models
        for parent in parents[node.name]
        if folder(node) == "marts"
        and not (
            parent.original_file_path.startswith("models/core/")
            or (is_source(parent) and parent.source_name == "ops" and node.name in READS_THE_LEDGER)
        )
    ]

    assert wrong == []


def test_only_some_models_read_the_ledger_by_themselves(models: list[Any]) -> None:
    reading = {node.name for node in models if "source('ops'" in node.raw_code}

    assert reading <= READS_THE_LEDGER


def test_no_relation_is_hard_coded(models: list[Any]) -> None:
    named = re.compile(
        r"\b(?:from|join)\s+\"?(?:raw_\w+|staging|identity|core|candidate|reference|ops)\"?\.",
        re.IGNORECASE,
    )

    assert [node.name for node in models if named.search(node.raw_code)] == []


def test_every_model_has_a_test_of_its_primary_key(manifest: Any, models: list[Any]) -> None:
    tested = {
        test.attached_node
        for test in manifest.nodes.values()
        if test.resource_type == "test"
        and test.test_metadata is not None
        and test.test_metadata.name in KEY_TESTS
    }

    assert [node.name for node in models if node.unique_id not in tested] == []


def test_no_model_has_more_than_seven_joins(models: list[Any]) -> None:
    joins = {node.name: len(re.findall(r"\bjoin\b", node.raw_code)) for node in models}

    assert {name: count for name, count in joins.items() if count > MOST_JOINS} == {}


def test_every_model_from_core_on_has_an_enforced_contract(models: list[Any]) -> None:
    loose = [n.name for n in models if folder(n) != "staging" and not n.config.contract.enforced]

    assert loose == []


def test_every_mart_has_a_primary_key_constraint(models: list[Any]) -> None:
    keyless = [
        node.name
        for node in models
        if folder(node) == "marts"
        and "primary_key" not in {str(constraint.type.value) for constraint in node.constraints}
    ]

    assert keyless == []


def test_every_mart_says_how_it_is_disclosed(models: list[Any]) -> None:
    marts = [node for node in models if folder(node) == "marts"]

    assert marts
    assert [n.name for n in marts if "student_derived" not in n.config.meta["disclosure"]] == []


def test_every_mart_of_figures_says_of_when_they_are_and_what_they_may_be_compared_with(
    models: list[Any],
) -> None:
    marts = [n for n in models if folder(n) == "marts" and "about" not in n.path]

    assert marts
    assert {n.name: missing for n in marts if (missing := MART_COLUMNS - set(n.columns))} == {}


def test_the_transition_mart_shows_every_cluster_and_not_the_districts_that_do_not_report(
    models: list[Any],
) -> None:
    with (PROJECT / "seeds" / "codelists" / "career_clusters.csv").open() as rows:
        clusters = [row["pathway_code"] for row in csv.DictReader(rows)]
    [mart] = [model for model in models if model.name == "mart_postsecondary_transition"]
    shown = {
        count["column"]: [one["pathway_code"] for one in count["where"]]
        for count in mart.config.meta["disclosure"]["counts"]
    }

    assert shown["graduate_count"] == [["All", "NONE", *clusters]]
    assert shown["enrolled_fall_count"] == shown["graduate_count"]


def test_every_node_and_column_has_a_description(manifest: Any, models: list[Any]) -> None:
    seeds = [node for node in manifest.nodes.values() if node.resource_type == "seed"]
    nodes = [*models, *seeds, *manifest.sources.values()]

    silent = [node.name for node in nodes if not node.description]
    silent += [
        f"{node.name}.{column.name}"
        for node in nodes
        for column in node.columns.values()
        if not column.description
    ]

    assert silent == []


def test_every_model_says_its_grain_in_a_sentence(models: list[Any]) -> None:
    assert [n.name for n in models if not str(n.config.meta.get("grain", "")).endswith(".")] == []


def test_a_column_name_has_one_type_everywhere(manifest: Any, models: list[Any]) -> None:
    seeds = [node for node in manifest.nodes.values() if node.resource_type == "seed"]
    types: dict[str, set[str]] = defaultdict(set)
    for node in [*models, *seeds]:
        for column in node.columns.values():
            types[column.name].add(str(column.data_type))

    assert {name: kinds for name, kinds in types.items() if len(kinds) > 1} == {}


def test_no_column_after_staging_holds_a_person(models: list[Any]) -> None:
    personal = [
        f"{node.name}.{name}"
        for node in models
        if folder(node) != "staging"
        for name in node.columns
        if PERSONAL.match(name)
    ]

    assert personal == []


def test_marts_hold_no_key_of_a_person(models: list[Any]) -> None:
    assert [n.name for n in models if folder(n) == "marts" and "student_key" in n.columns] == []


def test_unit_tests_tell_their_rule_and_fit_postgres_names(manifest: Any) -> None:
    tests = list(manifest.unit_tests.values())

    assert len({test.description for test in tests}) == len(tests) > 10
    assert all(test.description for test in tests)
    assert [test.name for test in tests if len(test.name) > LONGEST_POSTGRES_NAME] == []


def test_each_model_and_seed_has_its_own_yml_of_the_same_stem_and_no_long_one() -> None:
    files = [*PROJECT.glob("models/**/*.sql"), *PROJECT.glob("seeds/**/*.csv")]
    alone = [path.name for path in files if not path.with_suffix(".yml").exists()]
    long = [
        str(path.relative_to(PROJECT))
        for path in [*PROJECT.glob("models/**/*.yml"), *PROJECT.glob("seeds/**/*.yml")]
        if not path.name.endswith("__sources.yml")
        and len(path.read_text().splitlines()) > LONGEST_YML
    ]

    assert len(files) > 50
    assert alone == []
    assert long == []


def test_every_macro_has_a_reason_and_an_example() -> None:
    texts = {path.name: path.read_text() for path in PROJECT.glob("macros/**/*.sql")}

    assert texts
    assert [name for name, text in texts.items() if not text.startswith("{#")] == []
    assert [
        name for name, text in texts.items() if text.count("Example: ") < text.count("{% macro ")
    ] == []


def test_engines_are_told_apart_in_the_dialect_macros_alone(models: list[Any]) -> None:
    telling = [
        str(path.relative_to(PROJECT))
        for path in PROJECT.glob("macros/*.sql")
        if "engine()" in path.read_text()
    ]

    assert telling == []
    assert [node.name for node in models if "engine()" in node.raw_code] == []
