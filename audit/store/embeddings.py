"""Embeddings that are not computed twice: each under the key of what was embedded, in a SQLite file beside answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from audit.core.canonical import Json, digest
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.reading import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

NAME = "embeddings.sqlite"
_CHUNK = 500
_VERSION = 1
_TABLE = "CREATE TABLE IF NOT EXISTS embeddings (key TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"


def embedding_key(encoder: str, image: Image, box: Box | None = None) -> str:
    """The key of an embedding: sha256 over the digest of the encoder's fingerprint, the image's pixels and, where it is
    that of a region which was pooled from a look at the whole image, the box. Reads the pixels unless their hash is
    known."""
    place: Json = None if box is None else [*box]
    return digest({"schema": "medaudit.embedding/1", "encoder": encoder, "image": image.sha256, "box": place})


class Embeddings:
    """What is kept in the files at `paths` (those that exist), and what was computed since.

    Nothing is written before `keep`: a dry run leaves no trace.
    """

    def __init__(self, paths: Sequence[Path] = ()) -> None:
        self._paths = tuple(paths)
        self._fresh: dict[str, Vector] = {}

    def get(self, keys: Iterable[str]) -> dict[str, Vector]:
        """The embeddings of those keys that have one. Raises `InputError` for a file that is damaged."""
        wanted = list(dict.fromkeys(keys))
        found = {key: self._fresh[key] for key in wanted if key in self._fresh}
        for path in self._paths:
            lacking = [key for key in wanted if key not in found]
            if lacking and path.exists():
                found.update(_read(path, lacking))
        return found

    def put(self, rows: Mapping[str, Vector]) -> None:
        """Note embeddings, in memory."""
        self._fresh.update(rows)

    def keep(self, path: Path) -> None:
        """Write what was computed to the file at `path`, all or nothing; it is made (mode 0600) where there is none.
        Raises `InputError` where it cannot be used."""
        if not self._fresh:
            return
        rows = [(key, vector.astype("<f4").tobytes()) for key, vector in self._fresh.items()]
        try:
            path.touch(mode=0o600, exist_ok=True)
            with closing(_opened(path)) as base, base:
                base.execute(_TABLE)
                base.execute(f"PRAGMA user_version = {_VERSION}")
                base.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?)", rows)
        except (sqlite3.DatabaseError, OSError) as error:
            raise _unusable(path, error) from error
        self._paths = tuple(dict.fromkeys((*self._paths, path)))
        self._fresh = {}


def _opened(path: Path) -> sqlite3.Connection:
    """A connection to a file that exists. Raises `sqlite3.DatabaseError`, `InputError` for a newer version."""
    base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=30)
    try:
        if (version := _version(base)) > _VERSION:
            why = f"The embeddings have version {version}, this medaudit reads up to {_VERSION}"
            raise InputError(why, path=path, remedy="use the medaudit that wrote them, or newer")
    except BaseException:
        base.close()
        raise
    return base


def _version(base: sqlite3.Connection) -> int:
    (version,) = base.execute("PRAGMA user_version").fetchone()
    return int(version)


def _read(path: Path, keys: Sequence[str]) -> dict[str, Vector]:
    found: dict[str, Vector] = {}
    try:
        with closing(_opened(path)) as base:
            if _version(base) == 0:  # made, and killed before anything was written
                return {}
            for key, blob in _rows(base, keys):
                vector = _vector(blob)
                if vector is None:
                    raise sqlite3.DatabaseError("a row is no embedding")
                found[key] = vector
    except sqlite3.DatabaseError as error:
        raise _unusable(path, error) from error
    return found


def _rows(base: sqlite3.Connection, keys: Sequence[str]) -> Iterator[tuple[str, object]]:
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        marks = ",".join("?" * len(chunk))
        yield from base.execute(f"SELECT key, vector FROM embeddings WHERE key IN ({marks})", chunk)


def _vector(blob: object) -> Vector | None:
    """A stored row: of length 1 (0 for what has no direction), or NaN for a region that is not seen; None for a row
    that nobody wrote so."""
    import numpy as np

    if not isinstance(blob, bytes) or not blob or len(blob) % 4:
        return None
    vector = np.frombuffer(blob, dtype="<f4").astype(np.float32)
    length = float(np.linalg.norm(vector.astype(np.float64)))
    sound = np.isnan(vector).all() or abs(length - 1) < 1e-3 or length < 1e-3
    return vector if sound else None


def _unusable(path: Path, error: Exception) -> InputError:
    # a full disk, a lock: the file itself is sound; one without our table is not
    code = getattr(error, "sqlite_errorcode", None)
    passing = isinstance(error, OSError) or (
        isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR
    )
    remedy = "mend that, then give the same command again" if passing else "delete the file: it is made anew"
    return InputError(f"The stored embeddings cannot be used: {error}", path=path, remedy=remedy)
