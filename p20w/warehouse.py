"""The warehouse's databases, schemas, roles and grants: the table of `docs/schemas.md` as data.

Flow: settings -> database, group roles, login roles, schemas, grants, `ops` -> an empty warehouse.
Logins act as their group role, so that objects belong to the group and default privileges hold.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
import sqlalchemy
from psycopg import sql
from sqlalchemy.pool import NullPool

from p20w import migrations
from p20w.embedded_postgres import EmbeddedPostgres, make_private_folder, new_password
from p20w.errors import ConfigurationError
from p20w.ledger import WRITERS
from p20w.postgres import (
    EMBEDDED_DATABASE,
    ROLES,
    Address,
    Role,
    address,
    connect,
    database_errors,
    database_name,
    group_role,
    login_role,
    read_credentials,
    sqlalchemy_url,
    write_credentials,
)
from p20w.server_configuration import LEAK_GUARDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from p20w.settings import Settings

logger = logging.getLogger(__name__)

AIRFLOW_LOGIN = "airflow"
MINIMUM_SERVER_VERSION = 160000


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema: who makes and writes its tables, who reads them, whether it holds persons.

    `editors` change rows of the writer's tables, and make none.
    """

    name: str
    writer: Role
    readers: tuple[Role, ...]
    personal: bool = False
    editors: tuple[Role, ...] = ()


WAREHOUSE_ROLES: tuple[Role, ...] = (
    "loader",
    "transformer",
    "linker",
    "steward",
    "checker",
    "publisher",
)
SCHEMAS: tuple[Schema, ...] = (
    Schema("staging", "transformer", ("linker", "checker"), personal=True),
    Schema("identity", "linker", ("transformer",), personal=True, editors=("steward",)),
    Schema("reference", "transformer", WAREHOUSE_ROLES),
    Schema("core", "transformer", ("checker",)),
    Schema("candidate", "transformer", ("publisher", "checker")),
    Schema("published_true", "publisher", ("checker",)),
    Schema("published", "publisher", ("checker",)),
    Schema("accountability", "publisher", ("accountability_reader",)),
    Schema("marts", "publisher", ("bi_reader", "accountability_reader")),
    Schema("steward", "publisher", ("steward",)),
)


def raw_schema(source: str) -> Schema:
    """The schema of a source's raw tables."""
    return Schema(f"raw_{source}", "loader", ("transformer", "linker"), personal=True)


def start(settings: Settings) -> None:
    """Make the home and start the embedded server, unless `P20W_DATABASE_URL` names another."""
    make_private_folder(settings.home)
    if settings.database_url is not None:
        return
    server = EmbeddedPostgres(settings.home, settings.server_user)
    credentials = read_credentials(settings.home)
    if "postgres" not in credentials:
        credentials["postgres"] = new_password()
        write_credentials(settings.home, credentials)
    server.start(credentials["postgres"])


def initialise(settings: Settings, sources: Iterable[str]) -> None:
    """Make database, roles, schemas, grants and the ledger; safe to run again.

    Args:
        settings: Where.
        sources: Stems of the registered sources, one raw schema each.

    Raises:
        ConfigurationError: The server is too old, or (not embedded) could leak rows into its log.
    """
    if settings.database_url is None:
        _create_database(settings, EMBEDDED_DATABASE)
    check_server(settings)
    credentials = read_credentials(settings.home)
    logins = [login_role(settings, role) for role in ROLES]
    missing = [name for name in [*logins, AIRFLOW_LOGIN] if name not in credentials]
    if missing:
        write_credentials(settings.home, credentials | {name: new_password() for name in missing})
    with connect(settings, "owner") as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('p20w.initialise'))")
        for statement in statements(settings, sources, read_credentials(settings.home)):
            connection.execute(statement)
    _upgrade_ledger(settings)
    with connect(settings, "owner") as connection:
        for statement in _ops_grants(settings):
            connection.execute(statement)
    if settings.database_url is None:
        prepare_airflow(settings)
    logger.info("warehouse ready database=%s roles=%d", database_name(settings), len(ROLES))


def check_server(settings: Settings) -> None:
    """Refuse a server that is too old or whose settings print rows into its log.

    Raises:
        ConfigurationError: Names each setting and the statement that mends it.
    """
    with connect(settings, "owner") as connection:
        version = connection.info.server_version
        if version < MINIMUM_SERVER_VERSION:
            raise ConfigurationError(f"The server is {version // 10000}; 16 or newer is needed.")
        leaks = leak_settings(connection)
    if leaks and settings.database_url is None:
        raise ConfigurationError(
            "The embedded server was started by an older version and would print rows with persons"
            " into its log: `p20w down`, then `p20w up`."
        )
    if leaks:
        raise ConfigurationError(
            "The server would print rows with persons into its log. As its superuser run: "
            + "; ".join(f"alter system set {name} = '{value}'" for name, value in leaks.items())
            + "; then select pg_reload_conf()."
        )


def leak_settings(connection: psycopg.Connection) -> dict[str, str]:
    """Settings of the server that differ from what keeps rows out of its log."""
    wrong = {}
    for name, value in LEAK_GUARDS.items():
        row = connection.execute("select current_setting(%s)", [name]).fetchone()
        if row is None or row[0] != value:
            wrong[name] = value
    return wrong


def unlogged_readers(settings: Settings, connection: psycopg.Connection) -> list[str]:
    """Logins that may read `accountability` and whose statements the server does not log.

    A role's settings are its own: members of the group role do not inherit them.
    """
    rows = connection.execute(
        "select login.rolname from pg_roles as login"
        " where login.rolcanlogin and not login.rolsuper"
        " and pg_has_role(login.oid, %s, 'usage, set')"
        " and not exists (select from pg_db_role_setting as kept where kept.setrole = login.oid"
        " and kept.setdatabase in (0, (select oid from pg_database"
        " where datname = current_database()))"
        " and 'log_statement=all' = any (kept.setconfig)) order by login.rolname",
        [group_role(settings, "accountability_reader")],
    ).fetchall()
    return [str(row[0]) for row in rows]


def statements(
    settings: Settings, sources: Iterable[str], passwords: dict[str, str]
) -> list[sql.Composed]:
    """All statements of `initialise`, for a DBA to read (`p20w init --print-sql`)."""
    database = sql.Identifier(database_name(settings))
    made = [_role(settings, role, passwords) for role in ROLES]
    made += [
        sql.SQL("revoke connect, temporary on database {} from public").format(database),
        sql.SQL("revoke all on schema public from public").format(),
        sql.SQL("grant create on database {} to {}").format(
            database, sql.Identifier(group_role(settings, "publisher"))
        ),
        sql.SQL("create schema if not exists ops").format(),
    ]
    made += [
        sql.SQL("grant connect on database {} to {}").format(
            database, sql.Identifier(group_role(settings, role))
        )
        for role in ROLES
    ]
    for schema in [*SCHEMAS, *(raw_schema(source) for source in sources)]:
        made += _schema(settings, schema)
    made.append(_release_defaults(settings))
    return made


def _role(settings: Settings, role: Role, passwords: dict[str, str]) -> sql.Composed:
    group, login = group_role(settings, role), login_role(settings, role)
    return sql.SQL(
        """
        do $$ begin
            if not exists (select from pg_roles where rolname = {group_name}) then
                create role {group} nologin;
            end if;
            if not exists (select from pg_roles where rolname = {login_name}) then
                create role {login} login in role {group};
            end if;
        end $$;
        alter role {login} password {password};
        {settings}
        """
    ).format(
        group_name=sql.Literal(group),
        group=sql.Identifier(group),
        login_name=sql.Literal(login),
        login=sql.Identifier(login),
        password=sql.Literal(passwords.get(login, "<choose one>")),
        settings=_login_settings(role, group, login),
    )


def _login_settings(role: Role, group: str, login: str) -> sql.Composed:
    """Writers act as their group; readers cannot write, and reads of true figures are logged."""
    wanted = {"role": group}
    if role not in WAREHOUSE_ROLES:
        wanted = {"default_transaction_read_only": "on"}
    if role == "accountability_reader":
        wanted["log_statement"] = "all"
    return sql.SQL("; ").join(
        sql.SQL("alter role {} set {} = {}").format(
            sql.Identifier(login), sql.Identifier(name), sql.Literal(value)
        )
        for name, value in wanted.items()
    )


def _schema(settings: Settings, schema: Schema) -> list[sql.Composed]:
    name = sql.Identifier(schema.name)
    writer = sql.Identifier(group_role(settings, schema.writer))
    made = [
        sql.SQL("create schema if not exists {}").format(name),
        sql.SQL("grant usage, create on schema {} to {}").format(name, writer),
    ]
    granted = dict.fromkeys(schema.readers, "select")
    granted |= dict.fromkeys(schema.editors, "select, insert, update, delete")
    for role, privileges in granted.items():
        group = sql.Identifier(group_role(settings, role))
        made += [
            sql.SQL("grant usage on schema {} to {}").format(name, group),
            sql.SQL("grant {} on all tables in schema {} to {}").format(
                sql.SQL(privileges), name, group
            ),
            sql.SQL(
                "alter default privileges for role {} in schema {} grant {} on tables to {}"
            ).format(writer, name, sql.SQL(privileges), group),
        ]
    return made


def _release_defaults(settings: Settings) -> sql.Composed:
    """The publisher makes schemas `release_<id>`; the checker must see what readers will see."""
    return sql.SQL(
        "alter default privileges for role {publisher} grant usage on schemas to {checker};"
        "alter default privileges for role {publisher} grant select on tables to {checker}"
    ).format(
        publisher=sql.Identifier(group_role(settings, "publisher")),
        checker=sql.Identifier(group_role(settings, "checker")),
    )


def _ops_grants(settings: Settings) -> list[sql.Composed]:
    made = []
    for role in WAREHOUSE_ROLES:
        group = sql.Identifier(group_role(settings, role))
        made.append(sql.SQL("grant usage on schema ops to {}").format(group))
        made.append(sql.SQL("grant select on all tables in schema ops to {}").format(group))
    made += [
        sql.SQL("grant insert, update on ops.{} to {}").format(
            sql.Identifier(table), sql.Identifier(group_role(settings, role))
        )
        for table, writers in WRITERS.items()
        for role in writers
    ]
    # The state's own login sees every organisation; logins of districts get rows of their own.
    made.append(
        sql.SQL(
            "insert into ops.reader_scope select {login}, '*' where not exists"
            " (select from ops.reader_scope where role_name = {login})"
        ).format(login=sql.Literal(login_role(settings, "accountability_reader")))
    )
    return made


def _create_database(settings: Settings, name: str) -> None:
    where = address(settings, "owner", "postgres")
    with database_errors(), psycopg.connect(where.url(), autocommit=True) as connection:
        known = connection.execute("select from pg_database where datname = %s", [name]).fetchone()
        if known is None:
            try:
                connection.execute(
                    sql.SQL("create database {} template template0").format(sql.Identifier(name))
                )
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                logger.info("database %s was made by another command meanwhile", name)


def _upgrade_ledger(settings: Settings) -> None:
    engine = sqlalchemy.create_engine(sqlalchemy_url(settings, "owner"), poolclass=NullPool)
    with database_errors(), engine.begin() as connection:
        connection.execute(
            sqlalchemy.text("select pg_advisory_xact_lock(hashtext('p20w.initialise'))")
        )
        migrations.upgrade(connection)


def airflow_address(settings: Settings) -> Address:
    """Airflow's own database on the server, and its login: no role of the warehouse enters it."""
    owner = address(settings, "owner")
    name = "airflow" if settings.database_url is None else f"{database_name(settings)}_airflow"
    password = read_credentials(settings.home).get(AIRFLOW_LOGIN, "")
    return Address(owner.host, owner.port, name, name, password, owner.options)


def prepare_airflow(settings: Settings) -> None:
    """Make Airflow's database and login; safe to run again."""
    where = airflow_address(settings)
    _create_database(settings, where.database)
    with connect(settings, "owner") as connection:
        connection.execute(
            sql.SQL(
                """
                do $$ begin
                    if not exists (select from pg_roles where rolname = {name}) then
                        create role {role} login;
                    end if;
                end $$;
                alter role {role} password {password};
                revoke connect, temporary on database {database} from public;
                alter database {database} owner to {role}
                """
            ).format(
                name=sql.Literal(where.user),
                role=sql.Identifier(where.user),
                password=sql.Literal(where.password),
                database=sql.Identifier(where.database),
            )
        )
