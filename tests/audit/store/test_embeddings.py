"""Kept embeddings: found again, private, written whole, and a damaged file says what to do."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.errors import InputError
from audit.core.image import Image
from audit.store.embeddings import NAME, Embeddings, embedding_key

ROW = np.array([0.6, 0.8, 0.0], dtype=np.float32)


def kept(path: Path, **rows: np.ndarray) -> Path:
    made = Embeddings()
    made.put(rows)
    made.keep(path)
    return path


def test_what_is_kept_is_found_again_to_the_last_bit(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = {f"k{n}": v / np.linalg.norm(v) for n, v in enumerate(rng.normal(size=(1200, 7)).astype(np.float32))}
    rows["unseen"] = np.full(7, np.nan, dtype=np.float32)
    path = kept(tmp_path / NAME, **rows)
    found = Embeddings([path]).get([*rows, "other"])
    assert set(found) == set(rows)
    assert all(found[key].dtype == np.float32 for key in rows)
    assert all(found[key].tobytes() == rows[key].tobytes() for key in rows)


def test_nothing_is_written_before_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / NAME
    made = Embeddings([path])
    made.put({"k": ROW})
    assert (made.get(["k"])["k"] == ROW).all()
    assert list(tmp_path.iterdir()) == []
    Embeddings([path]).keep(path)
    assert list(tmp_path.iterdir()) == []
    made.keep(path)
    assert [file.name for file in tmp_path.iterdir()] == [NAME]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (made.get(["k"])["k"] == ROW).all()


def test_several_files_are_read_and_rows_are_added(tmp_path: Path) -> None:
    one, other = kept(tmp_path / "a", x=ROW), kept(tmp_path / "b", y=ROW)
    made = Embeddings([tmp_path / "absent", one, other])
    assert set(made.get(["x", "y", "z"])) == {"x", "y"}
    made.put({"z": ROW})
    made.keep(one)
    assert set(Embeddings([one]).get(["x", "y", "z"])) == {"x", "z"}


def test_rows_that_cannot_all_be_written_are_not_written_at_all(tmp_path: Path) -> None:
    path = kept(tmp_path / NAME, x=ROW)
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE TRIGGER full BEFORE INSERT ON embeddings WHEN NEW.key = 'z' BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    base.close()
    made = Embeddings([path])
    made.put({"y": ROW, "z": ROW})
    with pytest.raises(InputError, match="full"):
        made.keep(path)
    assert set(Embeddings([path]).get(["x", "y", "z"])) == {"x"}


@pytest.mark.parametrize("damage", ["text", "cut", "row", "long", "table"])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, damage: str) -> None:
    path = kept(tmp_path / NAME, **{f"k{n}": ROW for n in range(500)})
    if damage == "text":
        path.write_text("not a database, whatever its name says " * 30)
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        blob = ROW.tobytes()[:-1] if damage == "row" else (3 * ROW).tobytes()
        with sqlite3.connect(path) as base:
            base.execute("DROP TABLE embeddings") if damage == "table" else base.execute(
                "UPDATE embeddings SET vector = ? WHERE key = 'k3'", (blob,)
            )
        base.close()
    with pytest.raises(InputError, match="delete the file") as caught:
        Embeddings([path]).get([f"k{n}" for n in range(500)])
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_was_made_and_never_written_is_empty(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.touch()
    assert Embeddings([path]).get(["k"]) == {}
    assert set(Embeddings([kept(path, k=ROW)]).get(["k"])) == {"k"}


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = kept(tmp_path / NAME, k=ROW)
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA user_version = 99")
    base.close()
    made = Embeddings([path])
    with pytest.raises(InputError, match="version 99"):
        made.get(["k"])
    made.put({"x": ROW})
    with pytest.raises(InputError, match="version 99"):
        made.keep(path)


def test_a_locked_file_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = kept(tmp_path / NAME, k=ROW)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, timeout=0.0, **more: connect(*given, timeout=0.01, **more))
    with pytest.raises(InputError, match="again") as caught:
        Embeddings([path]).get(["k"])
    assert "delete" not in str(caught.value)
    holder.close()


@given(
    st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.one_of(st.none(), st.tuples(*[st.integers(0, 2)] * 4))),
    st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.one_of(st.none(), st.tuples(*[st.integers(0, 2)] * 4))),
)
def test_a_key_names_the_encoder_the_pixels_and_the_box(one: tuple, other: tuple) -> None:  # type: ignore[type-arg]
    def key(encoder: str, value: int, box: tuple[int, int, int, int] | None) -> str:
        return embedding_key(encoder, Image.of(np.full((2, 2), value, dtype=np.uint8)), box)

    assert (key(*one) == key(*other)) == (one == other)
