"""Commands about the sources and what is kept of them; `cli` has all others."""

from __future__ import annotations

from typing import Annotated

import typer

from p20w.settings import load_settings

contract_app = typer.Typer(help="The sources' contracts.", no_args_is_help=True)


def replay(
    source: Annotated[
        str | None, typer.Argument(help="A source's name; default: all, one after the other.")
    ] = None,
) -> None:
    """Load an empty warehouse from the landing zone alone, without network; safe to run again."""
    from ingestion.registry import sources  # noqa: PLC0415 - reads every contract
    from ingestion.replay import replay as replay_source  # noqa: PLC0415

    settings = load_settings()
    for name in [source] if source else [one.name for one in sources()]:
        done = replay_source(name, settings=settings)
        print(
            f"{name}: {len(done.releases)} releases replayed, {done.rows} rows;"
            f" {done.already_there} were there already"
        )


@contract_app.command("sync")
def contract_sync() -> None:
    """Write the generated columns into the contracts; a test keeps them current."""
    from ingestion.contract_sync import sync_contract  # noqa: PLC0415
    from ingestion.registry import sources  # noqa: PLC0415

    changed = [source.name for source in sources() if sync_contract(source.contract_path)]
    print(f"contracts changed: {', '.join(changed) or 'none'}")
