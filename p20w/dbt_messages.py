"""What a message of dbt or PostgreSQL may say: a known sentence with names, never a value.

PostgreSQL puts values of rows into DETAIL, HINT and CONTEXT, into the message of a failed cast, and
a trigger may put anything anywhere. So only sentences known from PostgreSQL's own catalogue of
messages pass (https://www.postgresql.org/docs/18/errcodes-appendix.html), without their values.
"""

from __future__ import annotations

import re

NAME = r'"?[\w.]{1,200}"?'
# dbt's words about our own files; no row has been read when it says them.
ABOUT_FILES = re.compile(r"\s*(?:Compilation|Parsing|Dependency|Validation|Contract) Error\b")
HEAD = re.compile(r"\s*(?:Database|Runtime) Error(?: in \w+ \w+ \([\w./-]+\))?")
DETAILS = re.compile(r"\s*(?:DETAIL|HINT|CONTEXT|QUERY|LINE \d+):")
LONGEST = 500
WITHHELD = "(text not shown: it may hold a row)"
NOT_SHOWN = "(value not shown)"

# dbt keeps a database error's text, not its SQLSTATE; these pass without anybody's help.
PASSING = re.compile(
    r"closed the connection|terminating connection|connection to server|connection already closed"
    r"|connection has been closed|(?:receive data from|send data to|no connection to the) server"
    r"|deadlock detected|lock timeout|could not serialize|too many clients|connection slots"
)

# Sentences that name relations, columns, constraints and types only.
NAMING = re.compile(
    "|".join(
        [
            rf"null value in column {NAME}(?: of relation {NAME})? violates not-null constraint",
            rf"duplicate key value violates unique constraint {NAME}",
            rf"new row for relation {NAME} violates check constraint {NAME}",
            rf"[\w ]{{1,20}} on table {NAME} violates foreign key constraint {NAME}",
            rf"could not create unique index {NAME}",
            rf"(?:relation|schema|table|view|index|role|type|constraint|column) {NAME}"
            rf"(?: of relation {NAME})? (?:does not exist|already exists)",
            r"function [\w.]{1,200}\([\w ,]{0,200}\) does not exist",
            rf"permission denied for \w+ {NAME}",
            r"(?:date|timestamp|interval|smallint|integer|bigint) out of range",
            r"(?:numeric field overflow|division by zero|deadlock detected)",
            r"value too long for type [a-z ]{1,40}\(\d+\)",
            r"could not serialize access due to [a-z ]{1,60}",
            r"(?:canceling statement|terminating connection) due to [a-z ]{1,60}",
            r"server closed the connection unexpectedly",
            r"(?:SSL )?connection (?:already|has been) closed",
            r"(?:could not (?:receive data from|send data to)|no connection to the) server",
            r"(?:FATAL:\s+)?(?:sorry, too many clients already|remaining connection slots)",
            r'connection to server at "[\w.:-]{1,200}"[^\n]{0,200}',
            r"more than one row returned by a subquery used as an expression",
            r"syntax error at or near",
            # What dbt says of a test, and of what it built.
            r"Got \d+ results?, configured to (?:fail|warn) if [<>=! ]+\d+",
            r"(?:SELECT|INSERT|CREATE|UPDATE|DELETE|MERGE|DROP)(?: TABLE| VIEW)?(?: \d+){0,2}\Z",
            r"None\Z",
        ]
    )
)
# Sentences that end in a value, or have one inside.
WITH_VALUE = (
    (re.compile(r"(invalid input syntax for type [a-z ]{1,40}):"), rf"\1: {NOT_SHOWN}"),
    (re.compile(rf"(invalid input value for enum {NAME}):"), rf"\1: {NOT_SHOWN}"),
    (re.compile(r"(date/time field value out of range):"), rf"\1: {NOT_SHOWN}"),
    (
        re.compile(r'value ".*" is out of range for type ([a-z ]{1,40})\b', re.DOTALL),
        r"value (not shown) is out of range for type \1",
    ),
)


def without_values(message: str) -> str:
    """A database's or dbt's message without what may be a row.

    Args:
        message: The text as it came, with whatever follows it.

    Returns:
        What the message is about, where dbt says it, and the sentence if it is a known one.
    """
    if ABOUT_FILES.match(message):
        return DETAILS.split(message, maxsplit=1)[0].strip()[:LONGEST]
    head = HEAD.match(message)
    if head is None:
        return _sentence(message.strip())
    return f"{head[0].strip()}\n  {_sentence(message[head.end() :].strip())}"


def is_passing(message: str) -> bool:
    """Whether a failure is the database's and may be gone at the next try."""
    return PASSING.search(message) is not None


def _sentence(text: str) -> str:
    known = NAMING.match(text)
    if known is not None:
        return known[0]
    for shape, told in WITH_VALUE:
        found = shape.match(text)
        if found is not None:
            return found.expand(told)
    return WITHHELD if text else ""
