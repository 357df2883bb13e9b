"""One publisher's product a module: `releases(client)`, `files(release, client)`, `read(...)`.

A module has no class of its own kind; `ingestion.registry` finds it by its stem.
"""
