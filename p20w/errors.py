"""The error tree: the class says who acts, the message what was expected, found, where, and next.

`Transient` means that the same call may succeed later without anybody's help: Airflow retries it.
`Terminal` means that a person has to act: the task fails at once. Database errors are mapped to
these in `p20w.postgres` and raised `from None`, because PostgreSQL's DETAIL prints whole rows.
"""

from __future__ import annotations

import traceback


class P20WError(Exception):
    """Anything this project raises on purpose.

    Args:
        message: What was expected, what was found, where, and the next step.
        **facts: The facts as attributes (ids, counts, names of columns), never a personal value.
    """

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.facts = facts


class Transient(P20WError):
    """Try again: the world was not ready."""


class SourceUnavailable(Transient):
    """A publisher's server is down, stalls, or sends half an answer."""


class QuotaExceeded(Transient):
    """A publisher asked us to slow down for longer than one task may wait."""


class DatabaseBusy(Transient):
    """The database is starting, out of connections, or a lock could not be had in time."""


class Terminal(P20WError):
    """Stop and tell a person: trying again would give the same answer."""


class ContractViolation(Terminal):
    """A file is not what its contract promises; nothing of it was loaded."""


class RegistryError(Terminal):
    """A source is unknown, or its contract or module is not well formed."""


class LinkageError(Terminal):
    """Identity resolution would break a promise (one person per identifier)."""


class DisclosureUnsafe(Terminal):
    """An attacker could recompute a withheld cell; the release stops."""


class GateBlocked(Terminal):
    """A blocking check failed at a door."""


class ReleaseError(Terminal):
    """A release cannot be built, published, rolled back or resumed as asked."""


class PublicationHeld(ReleaseError):
    """A rollback has set a hold: nothing is published until a person resumes."""


class ConfigurationError(Terminal):
    """A setting, a permission or the machine is not as it must be."""


class DatabaseError(Terminal):
    """The database refused a statement: SQLSTATE, relation and constraint, never a row's values."""


def unforeseen(error: Exception) -> str:
    """What may be told of an error that is none of ours: its class and its place in the code."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " <- ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    return (
        f"Unforeseen {type(error).__name__} at {places}. Its text is withheld: it could hold a row."
        " This is a fault of the program; report it with this line."
    )
