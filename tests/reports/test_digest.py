"""The digest: built from parts, checked, written whole, read back."""

from __future__ import annotations

import copy
import json
import stat
from pathlib import Path
from typing import get_type_hints

import pytest

from audit.core.errors import InputError
from audit.core.finding import Finding
from audit.core.observation import Observation
from reports.digest import build_digest, data_uri, gallery_entry, outcome_counts, read_digest, reply, write_digest
from reports.schema import FindingPart


def test_round_trip_is_exact(make_digest, tmp_path: Path) -> None:
    digest = make_digest(hostile=True)
    write_digest(tmp_path / "digest.json", digest)
    assert read_digest(tmp_path / "digest.json") == digest


def test_written_file_is_private_and_alone(make_digest, tmp_path: Path) -> None:
    write_digest(tmp_path / "digest.json", make_digest())
    assert stat.S_IMODE((tmp_path / "digest.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["digest.json"]


def test_a_failed_write_leaves_the_old_file(make_digest, tmp_path: Path) -> None:
    path = tmp_path / "digest.json"
    path.write_text("old")
    broken = copy.deepcopy(make_digest())
    broken["findings"][0]["estimate"] = float("nan")
    with pytest.raises(ValueError, match="JSON compliant"):
        write_digest(path, broken)
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_schema_of_findings_follows_the_core() -> None:
    plain = Finding("p", "t", "w", "p.m", "strict", "model").plain()
    assert set(get_type_hints(FindingPart)) - {"unit"} == set(plain)


@pytest.mark.parametrize("where", ["run", "findings", "gallery"])
def test_parts_of_another_shape_are_refused(make_digest, where: str) -> None:
    digest = copy.deepcopy(make_digest())
    part = digest["run"] if where == "run" else digest[where][0]  # type: ignore[literal-required]
    part["extra"] = 1
    given = {name: digest[name] for name in ("run", "probes", "findings", "gallery")}  # type: ignore[literal-required]
    with pytest.raises(ValueError, match="extra is not known"):
        build_digest(**given)


def test_not_a_number_is_refused(make_digest) -> None:
    finding = Finding("p", "t", "w", "p.m", "strict", "model", estimate=float("nan"))
    with pytest.raises(ValueError, match="estimate"):
        build_digest(run=make_digest()["run"], findings=[finding])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "Expected schema"),
        ('{"schema": "medaudit.digest/9"}', "Expected schema"),
        ('{"schema": "medaudit.digest/1"}', "another shape"),
        ("\udcff", "not valid JSON"),
    ],
)
def test_unreadable_digests_are_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "digest.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=message) as caught:
        read_digest(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_digest_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="finished run"):
        read_digest(tmp_path / "digest.json")


def test_secrets_are_taken_out(make_digest) -> None:
    run = {**make_digest()["run"], "command": "medaudit run --model openai:m@https://me:hunter2@host/v1?api_key=abc123"}
    text = json.dumps(build_digest(run=run))  # type: ignore[arg-type]
    assert "hunter2" not in text
    assert "abc123" not in text


def test_pictures_are_recognised_by_their_bytes() -> None:
    assert data_uri(b"\xff\xd8\xff\xe0rest").startswith("data:image/jpeg;base64,")
    with pytest.raises(ValueError, match="PNG, JPEG or WebP"):
        data_uri(b"<svg onload=alert(1)>")


def test_long_answers_are_cut_and_their_length_kept() -> None:
    part = reply("x" * 1_000_000, reading=None, outcome="unparsed")
    assert part["length"] == 1_000_000
    assert len(part["text"]) == 4_000
    entry = gallery_entry(probe="p", item="i", question="q" * 9_000, gold="A", answers={"model": part})
    assert len(entry["question"]) == 4_000


def test_outcomes_are_counted_by_role_and_scoring() -> None:
    def seen(model: str, outcome: str, scoring: str = "strict", condition: str = "clean") -> Observation:
        return Observation("p", "i", "c", model, scoring, outcome, None, condition=condition)  # type: ignore[arg-type]

    rows = [
        seen("model", "correct"),
        seen("model", "refused"),
        seen("model", "wrong", scoring="published"),
        seen("model", "wrong", condition="blind"),
        seen("base", "error"),
    ]
    zero = dict.fromkeys(("correct", "wrong", "refused", "truncated", "unparsed", "error"), 0)
    assert outcome_counts(rows) == {"base": {**zero, "error": 1}, "model": {**zero, "correct": 1, "refused": 1}}
