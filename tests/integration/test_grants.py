"""Every role reads and writes exactly what the table of docs/schemas.md says."""

from __future__ import annotations

import re

import pytest

from p20w.errors import ConfigurationError, DatabaseError
from p20w.ledger import WRITERS
from p20w.postgres import ROLES, Role, connect, group_role, login_role
from p20w.settings import CHECKOUT, Settings

pytestmark = pytest.mark.integration


def documented() -> dict[str, tuple[Role, set[Role]]]:
    """Schema -> its writer and its readers, as the operator's table says it."""
    page = (CHECKOUT / "docs" / "schemas.md").read_text()
    found: dict[str, tuple[Role, set[Role]]] = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0].startswith("`") and cells[0] != "`ops`":
            readers = {role for role in ROLES if re.search(rf"\b{role}\b", cells[2])}
            writer = next(role for role in ROLES if cells[1] == role)
            found[cells[0].strip("`")] = (writer, readers)
    return found


SCHEMAS = sorted(documented())


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schemas_tables_are_read_by_its_readers_and_nobody_else(
    settings: Settings, schema: str
) -> None:
    writer, readers = documented()[schema]
    name = schema.replace("<source>", "edfi")
    with connect(settings, writer) as connection:
        connection.execute(f"create table {name}.probe (marker integer)")

    with connect(settings, "owner") as connection:
        can = {
            (role, privilege)
            for role in ROLES
            for privilege in ("select", "insert", "update", "delete")
            if connection.execute(
                "select has_table_privilege(%s, %s, %s) and has_schema_privilege(%s, %s, 'usage')",
                [
                    *(group_role(settings, role), f"{name}.probe", privilege),
                    *(group_role(settings, role), name),
                ],
            ).fetchone()
            == (True,)
        }

    expected = {(role, "select") for role in readers}
    expected |= {(writer, privilege) for privilege in ("select", "insert", "update", "delete")}
    assert can == expected


@pytest.mark.parametrize("schema", SCHEMAS)
def test_only_the_writer_creates_tables(settings: Settings, schema: str) -> None:
    writer, _ = documented()[schema]
    name = schema.replace("<source>", "edfi")

    with connect(settings, "owner") as connection:
        creators = {
            role
            for role in ROLES
            if connection.execute(
                "select has_schema_privilege(%s, %s, 'create')",
                [group_role(settings, role), name],
            ).fetchone()
            == (True,)
        }

    assert creators == {writer}


@pytest.mark.parametrize("table", sorted(WRITERS))
def test_each_role_writes_only_its_own_tables_of_the_ledger(settings: Settings, table: str) -> None:
    with connect(settings, "owner") as connection:
        writers = {
            role
            for role in ROLES
            if connection.execute(
                "select has_table_privilege(%s, %s, 'insert')",
                [group_role(settings, role), f"ops.{table}"],
            ).fetchone()
            == (True,)
        }

    assert writers == set(WRITERS[table])


def test_a_release_schema_is_read_by_the_checker_only(settings: Settings) -> None:
    with connect(settings, "publisher") as connection:
        connection.execute("create schema release_7")
        connection.execute("create table release_7.mart_probe as select 1 as marker")

    with connect(settings, "checker") as connection:
        assert connection.execute("select marker from release_7.mart_probe").fetchone() == (1,)
    with (
        pytest.raises(DatabaseError, match="42501"),
        connect(settings, "bi_reader") as connection,
    ):
        connection.execute("select marker from release_7.mart_probe")


def test_the_public_gets_nothing(settings: Settings) -> None:
    with connect(settings, "owner") as connection:
        connection.execute("create role stranger login")
        row = connection.execute(
            "select has_database_privilege('stranger', current_database(), 'connect'),"
            " has_database_privilege('stranger', current_database(), 'temporary'),"
            " has_schema_privilege('stranger', 'public', 'create')"
        ).fetchone()
        connection.execute("drop role stranger")

    assert row == (False, False, False)


def test_a_reader_cannot_write_even_where_it_may_read(settings: Settings) -> None:
    with (
        pytest.raises(DatabaseError, match="25006"),
        connect(settings, "bi_reader") as connection,
    ):
        connection.execute("create table marts.mine (marker integer)")


def test_every_read_of_accountability_is_logged(settings: Settings) -> None:
    with connect(settings, "accountability_reader") as connection:
        row = connection.execute("show log_statement").fetchone()

    assert row == ("all",)


def test_a_login_acts_as_its_group(settings: Settings) -> None:
    with connect(settings, "loader") as connection:
        row = connection.execute("select session_user, current_user").fetchone()

    assert row == (login_role(settings, "loader"), group_role(settings, "loader"))


def test_a_database_error_tells_state_and_constraint_but_no_row(settings: Settings) -> None:
    with (
        pytest.raises(DatabaseError) as caught,
        connect(settings, "loader") as connection,
    ):
        connection.execute("create table raw_edfi.person (name text not null, age integer)")
        connection.execute("insert into raw_edfi.person values ('Marker Person', 1), (null, 2)")

    assert "23502" in str(caught.value)
    assert "column=name" in str(caught.value)
    assert "Marker" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_wrong_password_is_our_error(settings: Settings) -> None:
    address = settings.database_url or ""
    broken = Settings(
        home=settings.home,
        database_url=re.sub(r":[^:@]+@", ":wrong@", address),
        role_prefix="p20w",
        _env_file=None,
    )

    with pytest.raises(ConfigurationError, match="refused the login"), connect(broken, "owner"):
        pass
