"""Spurious regions from end to end: a model that follows a mark fails and the report shows it; an honest one passes."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

pytest.importorskip("kmedoids")
FLAGS = ["--probe", "spurious", "--data", "films/manifest.csv", "--set", "spurious.regions=user,grid",
         "--set", "spurious.crops=20", "--set", "spurious.budget=60", "--repeats", "0"]  # fmt: skip
MODEL = '''
import numpy as np

def read(text, images):
    """The finding is how bright the middle is; {rule}."""
    pixels = np.asarray(images[0].convert("L"), dtype=float)
    high, wide = pixels.shape
    said = "nodule" if pixels[high // 2, wide // 2] > 128 else "no finding"
    {follow}
    return next(line[0] for line in text.splitlines() if line.endswith(") " + said))

def factory():
    return read
'''
HONEST = {"rule": "a mark changes nothing", "follow": "pass"}
FOLLOWER = {
    "rule": "a bright square in the corner means nodule",
    "follow": 'said = "nodule" if pixels[4:10, 4:10].mean() > 200 else "no finding"',
}


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """240 films of 240 patients; finding and mark have nothing to do with each other."""
    folder = tmp_path / "films"
    folder.mkdir()
    rng = np.random.default_rng(8)
    with (folder / "manifest.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "modality", "anatomy", "view", "finding", "patient", "regions"])
        for number in range(240):
            ill, marked = number % 2 == 0, number // 2 % 2 == 0
            pixels = rng.integers(50, 80, size=(48, 48)).astype(np.uint8)
            pixels[22:27, 22:27] = 220 if ill else 30
            if marked:
                pixels[2:12, 2:12] = 250
            PIL.Image.fromarray(pixels).save(folder / f"{number}.png")
            finding = "nodule" if ill else "no finding"
            writer.writerow([f"{number}.png", "X-ray", "chest", "PA", finding, f"p{number}", "2 2 12 12" * marked])
    return folder


def model(folder: Path, name: str, rule: dict[str, str]) -> str:
    (folder / f"{name}.py").write_text(MODEL.format(**rule))
    return f"python:{name}:factory"


@pytest.mark.usefixtures("films")
def test_a_follower_of_a_mark_fails_and_the_report_shows_what_it_follows(
    medaudit: Any, findings: Any, tmp_path: Path
) -> None:
    flags = [*FLAGS, "--model", model(tmp_path, "follower", FOLLOWER), "--base", model(tmp_path, "honest", HONEST)]
    done = medaudit("run", *flags, "--out", "run")
    assert done.code == 1, done.err
    (endpoint,) = findings("run", metric="spurious.flip_rate", model="model", comparison="absolute", tags={})
    assert (endpoint["estimate"], endpoint["verdict"]) == (1, "fail")
    for edit in ("removed", "pasted"):
        tags = {"cluster": "user-1", "intervention": edit, "evidence": "counterfactual"}
        own = findings("run", metric="spurious.flip_rate", comparison="vs_control", tags=tags)
        shown = {row["model"]: row["estimate"] for row in own}
        assert shown["model"] > 0.95
        assert abs(shown["base"]) < 0.05  # a random place may be the one that matters
    tags = {"cluster": "user-1", "evidence": "association"}
    (gap,) = findings("run", metric="spurious.performance_gap", model="model", tags=tags)
    assert gap["tags"]["flag"] == "worse"
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    for told in ("Spurious regions", "Counterfactual evidence and association.", "the model relies on them", "became"):
        assert told in page
    again = medaudit("run", *flags, "--out", "run")
    assert re.search(r"\b0 calls made", again.out)
    bare = medaudit("run", *flags, "--out", "bare", "--no-images")
    assert bare.code == 1
    page = (tmp_path / "bare" / "report.html").read_text("utf-8")
    assert "data:image" not in page
    assert "Counterfactual evidence and association." in page


@pytest.mark.usefixtures("films")
def test_an_honest_model_passes_and_none_found_is_said(medaudit: Any, findings: Any, tmp_path: Path) -> None:
    done = medaudit(
        "run", *FLAGS, "--set", "spurious.how=generate", "--model", model(tmp_path, "honest", HONEST), "--out", "run"
    )
    assert done.code == 0, done.err
    (endpoint,) = findings("run", metric="spurious.flip_rate", model="model", comparison="absolute", tags={})
    assert (endpoint["estimate"], endpoint["verdict"]) == (0, "pass")
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "None found" in page
    digest = json.loads((tmp_path / "run" / "digest.json").read_text("utf-8"))
    assert [one["evidence"] for one in digest["regions"]["shown"]] == [[]]


@pytest.mark.usefixtures("films")
def test_a_dry_run_asks_nothing_and_tells_how_much_it_would(medaudit: Any, tmp_path: Path) -> None:
    spec = model(tmp_path, "honest", HONEST)
    done = medaudit("run", *FLAGS, "--model", spec, "--out", "run", "--dry-run")
    assert done.code == 0, done.err
    assert "spurious" in done.out
    assert not (tmp_path / "run" / "answers.sqlite").exists()
