"""Alembic's entry: migrate over the connection given, or over `alembic -x db=PATH`."""

from alembic import context
from sqlalchemy.engine import Connection

from storage.database import Database
from storage.tables import Table


def run(connection: Connection) -> None:
    """Migrate inside the transaction that `connection` is in."""
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with Database(context.get_x_argument(as_dictionary=True)["db"]).engine.begin() as own:
        run(own)
