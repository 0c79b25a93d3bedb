"""The seat belt: triggers that refuse to change the log. Whoever owns the database can take them off, and the
signed heads outside it are what notices; `audit verify` also reports a missing trigger.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

# Table to the condition on which an INSERT would replace an existing row (SQLite's INSERT OR REPLACE).
TABLES = {
    "audit_event": "id = NEW.id",
    "audit_leaf": "seq = NEW.seq OR event_id = NEW.event_id",
    "audit_node": 'id = NEW.id OR (level = NEW.level AND "index" = NEW."index")',
    "audit_head": "size = NEW.size",
}
REFUSAL = "The audit log is append-only."

_POSTGRES = f"""
CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES)
        for table, same in TABLES.items():
            for statement in _statements(connection.vendor, table, same):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take them off: for undoing the migration, and for emptying a test database."""
    with connection.cursor() as cursor:
        for table in TABLES:
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            for suffix in ("update", "delete", "insert", "truncate"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{suffix}{on}")


def _statements(vendor: str, table: str, same: str) -> list[str]:
    if vendor == "postgresql":
        refuse = "EXECUTE FUNCTION audit_append_only()"
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 – constants of this module
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_insert BEFORE INSERT ON {table} {there} {refuse}",
    ]
