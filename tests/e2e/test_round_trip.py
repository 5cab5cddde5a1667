"""Queries out, answers in: what another machine answers gives the same findings as asking here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MODEL = '''
"""A model that looks at brightness: deterministic, and often wrong."""

import hashlib


def factory():
    def answer(text, images):
        import numpy as np

        seen = b"".join(np.asarray(image.convert("L")).tobytes() for image in images)
        number = hashlib.sha256(seen + text.encode()).digest()[0]
        return ["A", "B", "top-left", "none", "yes", "no", "E", "I cannot help with that."][number % 8]

    return answer
'''


def comparable(path: Path) -> list[dict[str, Any]]:
    found = json.loads((path / "findings.json").read_text())["findings"]
    return [{**finding, "plain_words": ""} for finding in found]


def test_export_answer_replay_gives_the_same_findings(medaudit: Any, manifest: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MODEL)
    what = [
        "--probe",
        "medobvious",
        "--data",
        manifest(96),
        "--set",
        "medobvious.panel=32",
        "--set",
        "medobvious.n_grids=8",
    ]
    direct = medaudit("run", *what, "--model", "python:mine:factory", "--out", "direct", "--fail-on", "never")
    assert direct.code == 0, direct.err
    exported = medaudit("export-queries", "out", *what)
    assert exported.code == 0, exported.err
    answer_elsewhere(tmp_path / "out", tmp_path / "answers.jsonl", tmp_path)
    again = medaudit("run", *what, "--model", "replay:answers.jsonl", "--out", "again", "--fail-on", "never")
    assert again.code == 0, again.err
    assert comparable(tmp_path / "direct") == comparable(tmp_path / "again")


def answer_elsewhere(folder: Path, out: Path, code: Path) -> None:
    """Another machine: it has the exported folder and the model, and nothing of medaudit."""
    import importlib.util

    import PIL.Image

    spec = importlib.util.spec_from_file_location("mine", code / "mine.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    answer = module.factory()
    rows = []
    for line in (folder / "queries.jsonl").read_text().splitlines():
        row = json.loads(line)
        parts = [part for message in row["messages"] for part in message["parts"]]
        images = [PIL.Image.open(folder / part["image"]) for part in parts if "image" in part]
        text = "\n".join(part["text"] for part in parts if "text" in part)
        rows.append(
            {"id": row["id"], "condition": row["condition"], "sample": row["sample"], "answer": answer(text, images)}
        )
    out.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_the_same_command_again_asks_nothing_and_finds_the_same(medaudit: Any, manifest: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MODEL)
    what = ["--probe", "medobvious", "--data", manifest(48), "--set", "medobvious.panel=32", "--out", "run"]
    command = ["run", *what, "--model", "python:mine:factory", "--fail-on", "never", "--limit", "40"]
    first = medaudit(*command)
    before = (tmp_path / "run" / "findings.json").read_bytes()
    again = medaudit(*command)
    assert (first.code, again.code) == (0, 0), first.err
    assert "0 calls made" in again.out
    assert (tmp_path / "run" / "findings.json").read_bytes() == before
