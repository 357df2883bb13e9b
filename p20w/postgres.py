"""Connections to the warehouse, one login per role, and errors without rows.

Flow: settings + `<home>/credentials.json` -> connection strings -> psycopg, SQLAlchemy, dbt.
PostgreSQL's DETAIL prints whole rows, so every database error leaves here as SQLSTATE, relation and
constraint only, raised `from None`.
"""

from __future__ import annotations

import json
import re
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import psycopg
import sqlalchemy
import sqlalchemy.exc
from sqlalchemy.pool import NullPool

from p20w.errors import ConfigurationError, DatabaseBusy, DatabaseError, P20WError
from p20w.private_files import write_private
from p20w.settings import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from p20w.settings import Settings

Role = Literal[
    "loader",
    "transformer",
    "linker",
    "steward",
    "checker",
    "publisher",
    "accountability_reader",
    "bi_reader",
]
ROLES: tuple[Role, ...] = (
    "loader",
    "transformer",
    "linker",
    "steward",
    "checker",
    "publisher",
    "accountability_reader",
    "bi_reader",
)
OWNER: Literal["owner"] = "owner"
EMBEDDED_DATABASE = "p20w"
OURS = {"p20w", "ingestion", "expectations"}

# SQLSTATEs that pass by themselves: connection, resources, locks, serialization, starting up.
BUSY_STATES = ("08", "53", "55P03", "40001", "40P01", "57P01", "57P02", "57P03")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a login finds a database. `password` never appears in a repr."""

    host: str
    port: int
    database: str
    user: str
    password: str
    options: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        """Everything but the password."""
        return f"Address({self.user}@{self.host}:{self.port}/{self.database})"

    def url(self, scheme: str = "postgresql") -> str:
        """The address as a URL, for people and for libpq (`postgresql`) or SQLAlchemy schemes."""
        query = "&".join(f"{key}={quote(value)}" for key, value in self.options)
        return (
            f"{scheme}://{quote(self.user, safe='')}:{quote(self.password, safe='')}"
            f"@{self.host}:{self.port}/{quote(self.database)}{'?' + query if query else ''}"
        )


def group_role(settings: Settings, role: Role) -> str:
    """Name of a group role: prefix and role."""
    return f"{role_prefix(settings)}_{role}"


def login_role(settings: Settings, role: Role) -> str:
    """Name of the login that is a member of the group role."""
    return f"{group_role(settings, role)}_login"


def role_prefix(settings: Settings) -> str:
    """The prefix of this warehouse's roles; default: the database's name."""
    return settings.role_prefix or database_name(settings)


def database_name(settings: Settings) -> str:
    """The warehouse's database."""
    if settings.database_url is None:
        return EMBEDDED_DATABASE
    return _parse(settings.database_url).database


def address(
    settings: Settings, role: Role | Literal["owner"], database: str | None = None
) -> Address:
    """The address at which a role (or the owner) connects.

    Raises:
        ConfigurationError: The warehouse has not been initialised or does not run: `p20w up`.
    """
    base = _owner_address(settings)
    user, password = base.user, base.password
    if role != OWNER:
        user = login_role(settings, role)
        password = read_credentials(settings.home).get(user, "")
        if not password:
            raise ConfigurationError(
                f"No password for {user} in {credentials_file(settings.home)}: run `p20w init`."
            )
    return Address(base.host, base.port, database or base.database, user, password, base.options)


def dsn(settings: Settings, role: Role | Literal["owner"]) -> str:
    """A libpq URL with the password in it: for drivers and for the owner's eyes."""
    return address(settings, role).url()


@contextmanager
def connect(
    settings: Settings,
    role: Role | Literal["owner"],
    *,
    autocommit: bool = False,
    application_name: str = "p20w",
) -> Iterator[psycopg.Connection]:
    """A psycopg connection whose transaction commits at the end, errors mapped.

    Raises:
        DatabaseBusy: Try again later.
        DatabaseError: The statement was refused; the message tells SQLSTATE and relation only.
    """
    where = address(settings, role)
    with (
        database_errors(),
        psycopg.connect(
            where.url(), autocommit=autocommit, application_name=application_name
        ) as connection,
    ):
        yield connection


def sqlalchemy_url(settings: Settings, role: Role | Literal["owner"]) -> str:
    """A SQLAlchemy URL on psycopg 3."""
    return address(settings, role).url("postgresql+psycopg")


@contextmanager
def begin(settings: Settings, role: Role | Literal["owner"]) -> Iterator[sqlalchemy.Connection]:
    """A SQLAlchemy transaction, errors mapped, no pool: processes here are short."""
    engine = sqlalchemy.create_engine(
        sqlalchemy_url(settings, role), poolclass=NullPool, hide_parameters=True
    )
    with database_errors(), engine.begin() as connection:
        yield connection


@contextmanager
def database_errors(relation: str = "") -> Iterator[None]:
    """Map psycopg's and SQLAlchemy's errors to ours, without DETAIL, parameters or statement.

    `relation` is told where the server does not name one.
    """
    try:
        yield
    except psycopg.Error as error:
        raise _mapped(error, relation, _place(error)) from None
    except sqlalchemy.exc.DBAPIError as error:
        original = error.orig
        if isinstance(original, psycopg.Error):
            raise _mapped(original, relation, _place(error)) from None
        raise DatabaseError("The database refused a statement, without a SQLSTATE.") from None


def _place(error: BaseException) -> str:
    """Where in our code the statement was sent: file and line, no text of it."""
    places = [
        f"{path.relative_to(CHECKOUT)}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if (path := Path(frame.f_code.co_filename)).is_relative_to(CHECKOUT)
        and path.relative_to(CHECKOUT).parts[0] in OURS
        and frame.f_code.co_filename != __file__
    ]
    return places[-1] if places else ""


def _mapped(error: psycopg.Error, relation: str, place: str) -> P20WError:
    state = error.sqlstate or ""
    if state.startswith("28") or "authentication failed" in str(error):
        return ConfigurationError(
            "The database refused the login: see credentials.json of the home, or the password in"
            " P20W_DATABASE_URL."
        )
    absent = re.search(r'database "([^"]*)" does not exist', str(error))
    if absent is not None and not state:  # a connection's error; a statement's has a SQLSTATE
        return ConfigurationError(
            f"The server has no database {absent[1]}: make it (`createdb {absent[1]}`), or name"
            " another in P20W_DATABASE_URL."
        )
    diagnostic = error.diag
    facts = {
        "sqlstate": state or "none",
        "relation": ".".join(
            part for part in (diagnostic.schema_name, diagnostic.table_name) if part
        )
        or relation,
        "column": diagnostic.column_name or "",
        "constraint": diagnostic.constraint_name or "",
        "place": place,
    }
    told = ", ".join(f"{name}={value}" for name, value in facts.items() if value)
    kind = type(error).__name__
    if state.startswith(BUSY_STATES) or (not state and isinstance(error, psycopg.OperationalError)):
        return DatabaseBusy(f"The database is not ready ({kind}; {told}): try again.", **facts)
    return DatabaseError(
        f"The database refused a statement ({kind}; {told}). Values are never shown here: look"
        " with `p20w psql --role owner`, mend the cause, and retry.",
        **facts,
    )


def credentials_file(home: Path) -> Path:
    """The file of passwords, readable by its owner only."""
    return home / "credentials.json"


def read_credentials(home: Path) -> dict[str, str]:
    """Passwords by login; empty before `p20w init`.

    Raises:
        ConfigurationError: Others can read the file.
    """
    path = credentials_file(home)
    if not path.exists():
        return {}
    if path.stat().st_mode & 0o077:
        raise ConfigurationError(f"Others can read {path}: chmod 600 {path}")
    return {str(name): str(value) for name, value in json.loads(path.read_text()).items()}


def write_credentials(home: Path, credentials: dict[str, str]) -> None:
    """Replace the file of passwords."""
    write_private(credentials_file(home), credentials)


def _owner_address(settings: Settings) -> Address:
    if settings.database_url is not None:
        return _parse(settings.database_url)
    port_file = settings.home / "postgres.json"
    password = read_credentials(settings.home).get("postgres")
    if password is None or not port_file.exists():
        raise ConfigurationError(
            f"No warehouse in {settings.home} yet: run `p20w up` (or set P20W_DATABASE_URL)."
        )
    port = int(json.loads(port_file.read_text())["port"])
    return Address("127.0.0.1", port, EMBEDDED_DATABASE, "postgres", password)


def _parse(url: str) -> Address:
    parts = urlsplit(url)
    database = parts.path.lstrip("/")
    if parts.scheme not in {"postgresql", "postgres"} or not parts.hostname or not database:
        raise ConfigurationError(
            "P20W_DATABASE_URL must look like postgresql://owner:password@host:5432/database"
        )
    return Address(
        parts.hostname,
        parts.port or 5432,
        unquote(database),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        tuple(parse_qsl(parts.query)),
    )
