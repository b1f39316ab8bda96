"""What the database itself sees to, whoever asks: nobody approves their own text, and nothing goes
live that was not approved.
"""

from django.apps import apps
from django.apps.registry import Apps
from django.db import connections

_OWN_TEXT = """
    NEW.action = 'approved' AND EXISTS (
        SELECT 1 FROM ports_revision written
        WHERE written.edition_id = NEW.edition_id
        AND written.created_by_id = NEW.by_id
        AND written.number <= (SELECT number FROM ports_revision WHERE id = NEW.revision_id)
        AND written.number > COALESCE((
            SELECT live.number FROM ports_edition edition
            JOIN ports_revision live ON live.id = edition.live_revision_id
            WHERE edition.id = NEW.edition_id
        ), 0)
    )
"""
_NOT_APPROVED = """
    NEW.live_revision_id IS NOT NULL
    AND NEW.live_revision_id IS DISTINCT FROM OLD.live_revision_id
    AND NOT EXISTS (
        SELECT 1 FROM ports_revision
        WHERE id = NEW.live_revision_id AND edition_id = NEW.id AND origin = 'bundled'
    )
    AND NOT EXISTS (
        SELECT 1 FROM ports_workevent approval
        WHERE approval.revision_id = NEW.live_revision_id AND approval.edition_id = NEW.id
        AND approval.action IN ('approved', 'approved_without_review')
        AND NOT EXISTS (
            SELECT 1 FROM ports_workevent later
            WHERE later.revision_id = approval.revision_id AND later.id > approval.id
            AND later.action = 'changes_requested'
        )
    )
"""
RULES = {
    "ports_own_text": (
        "BEFORE INSERT ON ports_workevent",
        _OWN_TEXT,
        "whoever wrote some of a text cannot approve it",
    ),
    "ports_not_approved": (
        "BEFORE UPDATE OF live_revision_id ON ports_edition",
        _NOT_APPROVED,
        "what is not approved cannot go live",
    ),
    "ports_not_approved_from_the_start": (
        "AFTER INSERT ON ports_edition",
        # None of its revisions can be there yet.
        "NEW.live_revision_id IS NOT NULL",
        "what is not approved cannot go live",
    ),
}
"""By name: at what, when to refuse it, and what to say."""


def guard_reviews(using: str = "default", apps: Apps = apps, **_kwargs: object) -> None:
    """Put the triggers in place that are missing.

    Runs after each `migrate`, since SQLite loses triggers when a migration makes a table anew.
    """
    try:
        apps.get_model("ports", "WorkEvent")
    except LookupError:  # migrated back to before the table
        return
    connection = connections[using]
    if "ports_workevent" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for name, (event, condition, message) in RULES.items():
            if connection.vendor == "postgresql":
                cursor.execute(f"""
                    CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN IF {condition} THEN RAISE EXCEPTION '{message}'
                    USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
                """)
                cursor.execute(f"""
                    CREATE OR REPLACE TRIGGER {name} {event}
                    FOR EACH ROW EXECUTE FUNCTION {name}()
                """)
            else:
                # Made anew, so that a changed rule is the one that holds.
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                when = condition.replace("IS DISTINCT FROM", "IS NOT")
                cursor.execute(
                    f"CREATE TRIGGER {name} {event} FOR EACH ROW WHEN {when} "
                    f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )
