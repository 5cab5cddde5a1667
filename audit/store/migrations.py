"""The store's schema, as the steps that lead to it; each is run once and recorded in `PRAGMA user_version`."""

from __future__ import annotations

import sqlite3

from audit.core.errors import InputError

STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE answers (key TEXT PRIMARY KEY, query TEXT NOT NULL, model TEXT NOT NULL, status TEXT NOT NULL,"
        " answer TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE models (digest TEXT PRIMARY KEY, fingerprint TEXT NOT NULL) WITHOUT ROWID",
    ),
    (
        "CREATE TABLE places (role TEXT NOT NULL, probe TEXT NOT NULL, item TEXT NOT NULL, condition TEXT NOT NULL,"
        " sample INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (role, probe, item, condition, sample))"
        " WITHOUT ROWID",
    ),
)
VERSION = len(STEPS)


def migrate(connection: sqlite3.Connection, name: str) -> None:
    """Bring the store to this version, each step in its own transaction; raises `InputError` for a newer one."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise InputError(
            f"The answer store has version {version}, this medaudit reads up to {VERSION}",
            path=name,
            remedy="use the medaudit that wrote it, or newer",
        )
    for number, statements in enumerate(STEPS[version:], start=version + 1):
        connection.execute("BEGIN IMMEDIATE")
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
