"""The answer store: every answer under the key of what was asked, in one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from audit.core.answer import Answer
from audit.core.canonical import Json, canonical, digest
from audit.core.errors import InputError
from audit.core.item import Request
from audit.store.filesystem import wal_is_safe
from audit.store.migrations import migrate
from audit.store.rows import decode, encode

_CHUNK = 500


class Store:
    """Content-addressed answers. Every `put` is on disk when it returns: a killed process loses nothing.

    Opening creates the file (mode 0600) or migrates it; raises `InputError` if it is not a store.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch(mode=0o600, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            self._db.execute(f"PRAGMA journal_mode = {'WAL' if wal_is_safe(path.parent) else 'DELETE'}")
            self._db.execute("PRAGMA synchronous = NORMAL")
            migrate(self._db, str(path))
        except sqlite3.DatabaseError as error:
            self._db.close()
            passing = isinstance(error, sqlite3.OperationalError)  # a full disk, a lock: the file itself is sound
            remedy = "mend that, then give the same command again" if passing else "move the file away to start afresh"
            raise InputError(f"The answer store cannot be used: {error}", path=path, remedy=remedy) from error

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Fold the log back in, so that one file is left."""
        with suppress(sqlite3.OperationalError):  # another process reads: it folds the log when it closes
            self._db.execute("PRAGMA journal_mode = DELETE")
        self._db.close()

    def get(self, keys: Iterable[str]) -> dict[str, Answer]:
        """Answers of those keys that have one; errors are missing data and count as none."""
        found: dict[str, Answer] = {}
        for chunk in _chunks(list(keys)):
            marks = ",".join("?" * len(chunk))
            rows = self._db.execute(
                f"SELECT key, answer FROM answers WHERE status != 'error' AND key IN ({marks})",
                chunk,
            )
            found.update((key, decode(text)) for key, text in rows)
        return found

    def put(self, key: str, query: str, model: str, answer: Answer) -> None:
        """Keep an answer (query and model by digest). An error never replaces an answer."""
        self._db.execute(
            "INSERT INTO answers VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET status = excluded.status,"
            " answer = excluded.answer WHERE answers.status = 'error'",
            (key, query, model, answer.status, encode(answer)),
        )

    def put_model(self, fingerprint: Mapping[str, Json]) -> str:
        """Keep a fingerprint; its digest is what answers refer to."""
        name = digest(fingerprint)
        self._db.execute(
            "INSERT OR IGNORE INTO models VALUES (?, ?)", (name, canonical(fingerprint).decode("utf-8", "replace"))
        )
        return name

    def put_places(self, role: str, probe: str, requests: Sequence[Request], keys: Sequence[str]) -> None:
        """Note which answer belongs to which (role, probe, item, condition, sample), all at once."""
        rows = [(role, probe, *request.place, key) for request, key in zip(requests, keys, strict=True)]
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def places(self, role: str, probe: str) -> Iterator[tuple[tuple[str, str, int], Answer]]:
        """All ((item, condition, sample), answer) kept for one role and probe, errors among them, in order of place."""
        rows = self._db.execute(
            "SELECT item, condition, sample, answer FROM places JOIN answers USING (key)"
            " WHERE role = ? AND probe = ? ORDER BY item, condition, sample",
            (role, probe),
        )
        for item, condition, sample, text in rows:
            yield (item, condition, sample), decode(text)

    def count(self, model: str | None = None) -> int:
        """How many answers are kept (of one model, by digest), errors left out."""
        where, values = ("", ()) if model is None else (" AND model = ?", (model,))
        (number,) = self._db.execute(f"SELECT COUNT(*) FROM answers WHERE status != 'error'{where}", values).fetchone()
        return int(number)


def _chunks(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
