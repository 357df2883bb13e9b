"""Alembic's environment: runs on the connection that `upgrade` hands over."""

from alembic import context

from p20w.ledger import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table_schema="ops",
    include_schemas=True,
)
with context.begin_transaction():
    context.run_migrations()
