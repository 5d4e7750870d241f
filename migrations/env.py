"""Runs the migrations inside the application's context, one transaction a revision."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run() -> None:
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
