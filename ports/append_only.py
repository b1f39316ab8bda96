"""Tables whose rows the database itself refuses to change or delete, whoever asks.

The owner of a table can still empty or drop it as a whole.
"""

from django.apps import apps
from django.apps.registry import Apps
from django.db import connections

TABLES = ("revision", "publicationevent", "workevent")

_SQLITE = """
    CREATE TRIGGER IF NOT EXISTS {table}_no_{action} BEFORE {action} ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{table} is append-only'
    USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE OR REPLACE TRIGGER {table}_no_{action} BEFORE {action} ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_refuse()
    """,
)


def guard_append_only(using: str = "default", apps: Apps = apps, **_kwargs: object) -> None:
    """Put the triggers in place that are missing.

    Runs after each `migrate`, since SQLite loses triggers when a migration makes a table anew.
    """
    connection = connections[using]
    present = connection.introspection.table_names()
    statements = _POSTGRESQL if connection.vendor == "postgresql" else (_SQLITE,)
    with connection.cursor() as cursor:
        for name in TABLES:
            try:
                table = apps.get_model("ports", name)._meta.db_table
            except LookupError:  # migrated back to before the table
                continue
            if table not in present:
                continue
            for action in ("UPDATE", "DELETE"):
                for statement in statements:
                    cursor.execute(statement.format(table=table, action=action))
