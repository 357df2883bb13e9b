"""Every role reads and writes exactly what the table of docs/schemas.md says."""

from __future__ import annotations

import re

import psycopg
import pytest
from psycopg import sql

from ingestion.registry import sources
from p20w.doctor import examine
from p20w.errors import ConfigurationError, DatabaseError
from p20w.ledger import WRITERS
from p20w.postgres import ROLES, Role, connect, dsn, group_role, login_role
from p20w.settings import CHECKOUT, Settings
from p20w.warehouse import WAREHOUSE_ROLES, check_server, unlogged_readers

pytestmark = pytest.mark.integration


def documented() -> dict[str, tuple[list[Role], set[Role]]]:
    """Schema -> its writers and its readers, as the operator's table says it."""
    page = (CHECKOUT / "docs" / "schemas.md").read_text()
    found: dict[str, tuple[list[Role], set[Role]]] = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0].startswith("`") and cells[0] != "`ops`":
            readers = {role for role in ROLES if re.search(rf"\b{role}\b", cells[2])}
            writers = [role for word in cells[1].split(", ") for role in ROLES if role == word]
            for name in schemas_named(cells[0].strip("`")):
                found[name] = (writers, readers)
    return found


def schemas_named(name: str) -> list[str]:
    if "<source>" not in name:
        return [name]
    return [name.replace("<source>", source.name) for source in sources()]


SCHEMAS = sorted(documented())
EVERYTHING = ("select", "insert", "update", "delete", "truncate", "references", "trigger")
CHANGES = ("select", "insert", "update", "delete")


def allowed(settings: Settings, table: str) -> set[tuple[Role, str]]:
    """What each role may do with a table, the way to its schema included."""
    with connect(settings, "owner") as connection:
        return {
            (role, privilege)
            for role in ROLES
            for privilege in EVERYTHING
            if connection.execute(
                "select has_table_privilege(%s, %s, %s) and has_schema_privilege(%s, %s, 'usage')",
                [
                    *(group_role(settings, role), table, privilege),
                    *(group_role(settings, role), table.partition(".")[0]),
                ],
            ).fetchone()
            == (True,)
        }


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schemas_tables_are_used_as_documented_and_by_nobody_else(
    settings: Settings, schema: str
) -> None:
    writers, readers = documented()[schema]
    with connect(settings, writers[0]) as connection:
        connection.execute(f"create table {schema}.probe (marker integer)")

    expected = {(role, "select") for role in readers}
    expected |= {(writers[0], privilege) for privilege in EVERYTHING}
    expected |= {(role, privilege) for role in writers[1:] for privilege in CHANGES}
    assert allowed(settings, f"{schema}.probe") == expected


@pytest.mark.parametrize("schema", [*SCHEMAS, "ops", "public"])
def test_only_the_writer_creates_tables(settings: Settings, schema: str) -> None:
    writers, _ = documented().get(schema, ([], set()))

    with connect(settings, "owner") as connection:
        creators = {
            role
            for role in ROLES
            if connection.execute(
                "select has_schema_privilege(%s, %s, 'create')",
                [group_role(settings, role), schema],
            ).fetchone()
            == (True,)
        }

    assert creators == set(writers[:1])


def test_every_schema_is_documented(settings: Settings) -> None:
    with connect(settings, "owner") as connection:
        rows = connection.execute(
            "select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)'"
        ).fetchall()

    assert {row[0] for row in rows} == {*SCHEMAS, "ops", "public"}


def test_the_ledger_is_read_by_the_warehouses_own_roles_only(settings: Settings) -> None:
    with connect(settings, "owner") as connection:
        rows = connection.execute("select tablename from pg_tables where schemaname = 'ops'")
        names = {str(row[0]) for row in rows.fetchall()}

    assert names >= set(WRITERS)
    for name in names:
        writers = WRITERS.get(name, ())
        expected = {(role, "select") for role in WAREHOUSE_ROLES}
        expected |= {(role, change) for role in writers for change in ("insert", "update")}
        assert allowed(settings, f"ops.{name}") == expected


@pytest.mark.parametrize("schema", ["release_7", "release_7_true"])
def test_a_release_schema_is_read_by_the_checker_only(settings: Settings, schema: str) -> None:
    with connect(settings, "publisher") as connection:
        connection.execute(f"create schema {schema}")
        connection.execute(f"create table {schema}.mart_probe as select 1 as marker")

    expected = {("publisher", privilege) for privilege in EVERYTHING}
    assert allowed(settings, f"{schema}.mart_probe") == expected | {("checker", "select")}
    with (
        pytest.raises(DatabaseError, match="42501"),
        connect(settings, "bi_reader") as connection,
    ):
        connection.execute(f"select marker from {schema}.mart_probe")


def test_a_login_belongs_to_its_group_and_no_role_has_more_power(settings: Settings) -> None:
    with connect(settings, "owner") as connection:
        members = connection.execute(
            "select member::regrole::text, roleid::regrole::text from pg_auth_members"
            " where member::regrole::text ~ '^p20w_'"
        ).fetchall()
        powerful = connection.execute(
            "select rolname from pg_roles where rolname ~ '^p20w_' and (rolsuper or rolcreaterole"
            " or rolcreatedb or rolbypassrls or rolreplication)"
        ).fetchall()

    assert set(members) == {
        (login_role(settings, role), group_role(settings, role)) for role in ROLES
    }
    assert powerful == []


def test_on_databases_only_the_publisher_may_more_than_connect(
    settings: Settings, template: Settings
) -> None:
    name = (settings.database_url or "").rpartition("/")[2]
    with connect(settings, "owner") as connection:
        can = {
            (role, database, privilege)
            for role in ROLES
            for database in (name, "airflow")
            for privilege in ("connect", "temporary", "create")
            if connection.execute(
                "select has_database_privilege(%s, %s, %s)",
                [group_role(settings, role), database, privilege],
            ).fetchone()
            == (True,)
        }

    assert template.database_url is None  # so that Airflow's own database is on this server
    assert can == {(role, name, "connect") for role in ROLES} | {("publisher", name, "create")}


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


def test_a_login_made_as_the_guide_says_is_logged_and_one_without_its_setting_is_named(
    settings: Settings,
) -> None:
    guide = (CHECKOUT / "docs" / "operators-guide.md").read_text()
    steps = re.findall(r"```\n(create role dpi_analyst .*?)```", guide, re.DOTALL)[0]

    def named(connection: psycopg.Connection) -> list[str]:
        return unlogged_readers(settings, connection)

    with psycopg.connect(dsn(settings, "owner")) as connection:
        connection.execute(steps.encode())
        assert named(connection) == []
        connection.execute("alter role dpi_analyst reset log_statement")
        assert named(connection) == ["dpi_analyst"]
        connection.rollback()
        assert named(connection) == []


def test_doctor_fails_a_warehouse_with_an_unlogged_reader(settings: Settings) -> None:
    with connect(settings, "owner") as connection:
        connection.execute("create role unlogged_one login in role p20w_accountability_reader")

    try:
        found = {finding.subject: finding for finding in examine(settings)}
    finally:
        with connect(settings, "owner") as connection:
            connection.execute("drop role unlogged_one")

    finding = found["reads of true figures"]
    assert finding.state == "fail"
    assert "alter role \"unlogged_one\" set log_statement = 'all'" in finding.told


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


def test_a_database_that_is_not_there_is_told_with_what_to_do(settings: Settings) -> None:
    other = str(settings.database_url).rpartition("/")[0] + "/nowhere"
    broken = settings.model_copy(update={"database_url": other})

    with (
        pytest.raises(ConfigurationError, match="no database nowhere: make it"),
        connect(broken, "owner"),
    ):
        pass


LEAKING = "set log_min_messages = 'warning'"


def test_an_existing_server_that_would_log_rows_is_refused(settings: Settings) -> None:
    name = sql.Identifier((settings.database_url or "").rpartition("/")[2])
    with connect(settings, "owner") as connection:
        connection.execute(sql.SQL("alter database {} " + LEAKING).format(name))

    with pytest.raises(ConfigurationError, match="alter system set log_min_messages = 'log'"):
        check_server(settings)


def test_an_embedded_server_of_an_older_version_is_to_be_started_anew(template: Settings) -> None:
    with connect(template, "owner") as connection:
        connection.execute("alter database p20w " + LEAKING)

    try:
        with pytest.raises(ConfigurationError, match="`p20w down`, then `p20w up`"):
            check_server(template)
    finally:
        with connect(template, "owner") as connection:
            connection.execute("alter database p20w reset log_min_messages")
