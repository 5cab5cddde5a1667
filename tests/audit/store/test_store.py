"""The store: what was answered stays answered, in one file, through crashes and versions."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from audit.core.answer import Answer
from audit.core.errors import InputError
from audit.core.item import Item, Request
from audit.core.query import Query, ask
from audit.store.filesystem import wal_is_safe
from audit.store.migrations import STEPS, VERSION
from audit.store.store import Store


def request(name: str) -> Request:
    query = Query(ask(name))
    return Request(Item(name, name, query, "A"), query)


def test_an_answer_is_found_again_after_reopening(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        store.put("k", "q", "m", Answer("yes", option_logprobs={"A": -0.5}))
    with Store(tmp_path / "s.sqlite") as store:
        assert store.get(["k", "other"]) == {"k": Answer("yes", option_logprobs={"A": -0.5})}


def test_an_error_counts_as_no_answer_and_never_replaces_one(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        store.put("k", "q", "m", Answer.failed("timeout"))
        assert store.get(["k"]) == {}
        store.put("k", "q", "m", Answer("yes"))
        store.put("k", "q", "m", Answer.failed("timeout"))
        assert store.get(["k"]) == {"k": Answer("yes")}
        assert store.count() == 1


def test_text_that_no_encoding_holds_is_kept(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        store.put("k", "q", "m", Answer("\ud800\x00 é"))
        assert store.get(["k"]) == {"k": Answer("\ud800\x00 é")}


def test_the_first_answer_stays(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        store.put("k", "q", "m", Answer("first"))
        store.put("k", "q", "m", Answer("second"))
        assert store.get(["k"])["k"].text == "first"


def test_one_private_file_is_left(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        store.put("k", "q", "m", Answer("yes"))
    assert [path.name for path in tmp_path.iterdir()] == ["s.sqlite"]
    assert stat.S_IMODE((tmp_path / "s.sqlite").stat().st_mode) == 0o600


def test_thousands_of_keys_are_looked_up(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        for i in range(1200):
            store.put(f"k{i}", "q", "m", Answer(str(i)))
        found = store.get(f"k{i}" for i in range(2000))
    assert len(found) == 1200
    assert found["k777"].text == "777"


def test_places_lead_to_answers(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        store.put("k1", "q", "m", Answer("yes"))
        store.put_places("model", "p", [request("a"), request("b")], ["k1", "k2"])
        assert list(store.places("model", "p")) == [(("a", "clean", 0), Answer("yes"))]
        assert list(store.places("base", "p")) == []


def test_every_older_version_is_brought_up_with_its_answers(tmp_path: Path) -> None:
    for version in range(1, VERSION):
        path = tmp_path / f"v{version}.sqlite"
        db = sqlite3.connect(path, isolation_level=None)
        for statements in STEPS[:version]:
            for statement in statements:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {version}")
        db.execute("INSERT INTO answers VALUES ('k', 'q', 'm', 'ok', '{\"text\": \"yes\"}')")
        db.close()
        with Store(path) as store:
            assert store.get(["k"]) == {"k": Answer("yes")}
            store.put_places("model", "p", [request("a")], ["k"])
            assert len(list(store.places("model", "p"))) == 1


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "s.sqlite")
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    with pytest.raises(InputError, match="version"):
        Store(tmp_path / "s.sqlite")


def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(InputError, match="cannot be used"):
        Store(path)
    assert path.read_bytes() == b"not a database at all" * 100


def test_a_full_disk_is_not_called_a_broken_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("audit.store.store.migrate", full)
    with pytest.raises(InputError, match=r"disk is full \(mend that"):
        Store(tmp_path / "a.sqlite")


def test_the_log_is_used_only_where_the_file_system_is_known_to_be_local(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda / ext4 rw 0 0\nserver:/x /mnt/net nfs4 rw 0 0\n//s/y /mnt/with\\040space cifs rw 0 0\n")
    assert wal_is_safe(Path("/home/x"), mounts)
    assert not wal_is_safe(Path("/mnt/net/deep/er"), mounts)
    assert not wal_is_safe(Path("/mnt/with space/run"), mounts)
    assert not wal_is_safe(Path("/home/x"), tmp_path / "absent")
