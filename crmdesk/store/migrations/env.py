"""Run by Alembic for each command; the connection comes from crmdesk.store.schema."""

from __future__ import annotations

from alembic import context

from crmdesk.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
