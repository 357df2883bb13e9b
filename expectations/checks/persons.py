"""No person in what is published: no key, no personal column, no identifier in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from expectations.doors import SqlCheck

if TYPE_CHECKING:
    from expectations.marts import Mart
    from expectations.subject import Subject

PERSON_KEY = (
    r"(^|_)(student|person|client|learner)_(key|id)(_|$)"
    r"|(^|_)(ssn|birth_date|(first|middle|last)_(name|surname)|name_suffix)$"
)
# A social security number, an e-mail address, or a text too long to be a name or a code.
FREE_TEXT = r"\m\d{3}-\d{2}-\d{4}\M|@|^.{200,}$"
STUDENTS = sql.Identifier("staging", "stg_edfi__students")


def person_checks(subject: Subject) -> list[SqlCheck]:
    """Checks of the published tables' columns, and of the texts of marts that count people."""
    check_id = "published_schema_has_no_person_key"
    return [
        SqlCheck(check_id, subject.schema, personal_columns(subject.schema, subject.personal)),
        *(
            SqlCheck("no_text_free_form_pii", mart.name, identifying_texts(subject, mart))
            for mart in subject.marts
            if mart.student_derived
        ),
    ]


def personal_columns(
    schema: str, personal: frozenset[str], allowed: frozenset[str] = frozenset()
) -> sql.Composed:
    """Columns of a schema, and those named like a person's key or as a contract's personal ones."""
    return sql.SQL(
        "select count(*), count(*) filter (where attribute.attname <> all({allowed})"
        " and (attribute.attname ~ {pattern} or attribute.attname = any({personal})))"
        " from pg_class as relation"
        " inner join pg_namespace as namespace on relation.relnamespace = namespace.oid"
        " inner join pg_attribute as attribute on relation.oid = attribute.attrelid"
        " where namespace.nspname = {schema} and relation.relkind in ('r', 'v', 'm', 'p')"
        " and attribute.attnum > 0 and not attribute.attisdropped"
    ).format(
        pattern=sql.Literal(PERSON_KEY),
        personal=sql.Literal(sorted(personal)),
        allowed=sql.Literal(sorted(allowed)),
        schema=sql.Literal(schema),
    )


def identifying_texts(subject: Subject, mart: Mart) -> sql.Composed:
    """Different texts of a mart, and those that are free text or equal a student's identifier."""
    columns = [name for name, kind in subject.tables.get(mart.name, {}).items() if kind == "text"]
    return sql.SQL(
        "select count(*), count(*) filter (where written.told ~ {pattern}"
        " or student.student_id_dpi is not null) from"
        " (select distinct cell.told from {mart} as mart"
        " cross join lateral (values {columns}) as cell (told)) as written"
        " left join {students} as student on written.told = student.student_id_dpi"
        " where written.told is not null"
    ).format(
        pattern=sql.Literal(FREE_TEXT),
        mart=sql.Identifier(subject.schema, mart.name),
        columns=sql.SQL(", ").join(
            sql.SQL("(mart.{})").format(sql.Identifier(name)) for name in columns
        ),
        students=STUDENTS,
    )
