"""A vendor whose images cost a model 25 points is found through the whole pipeline, and no vendor where none does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PLANTED = '''
"""A model that is right 85 times of 100, and 25 fewer on the images of one vendor where that is planted."""
import csv
import hashlib
import re

import numpy as np
import PIL.Image


def make(vendor="none", fall="0.25"):
    known = {}
    with open("chest/manifest.csv", newline="") as file:
        for row in csv.DictReader(file):
            picture = PIL.Image.open("chest/" + row["path"]).convert("RGB")
            known[picture.tobytes()] = row

    def answer(text, images):
        options = re.findall(r"^([A-Z])\\) (.+)$", text, re.MULTILINE)
        row = known.get(images[0].tobytes()) if images else None
        if row is None:
            return options[0][0]
        asked = re.search(r"finding: (.+)\\?", text)
        right = row["view"] if asked is None else "yes" if row["finding"] == asked[1] else "no"
        share = 0.85 - (float(fall) if row["vendor"] == vendor else 0)
        seed = int.from_bytes(hashlib.sha256((row["path"] + text).encode()).digest()[:8], "little")
        draw = np.random.default_rng(seed)
        wrong = [letter for letter, meaning in options if meaning != right]
        (letter,) = [letter for letter, meaning in options if meaning == right]
        return letter if draw.random() < share else str(draw.choice(wrong))

    return answer
'''
FLAGS = ["--probe", "shifts", "--data", "chest/manifest.csv", "--set", "shifts.items=0", "--set",
         "shifts.corruptions=none", "--fail-on", "never"]  # fmt: skip


@pytest.fixture
def chest(medaudit: Any, tmp_path: Path) -> Path:
    (tmp_path / "planted.py").write_text(PLANTED)
    done = medaudit("data", "phantoms", "chest", "--n", 500, "--size", 32, "--kind", "chest radiograph", "--seed", 11)
    assert done.code == 0, done.err
    return tmp_path / "chest"


@pytest.mark.usefixtures("chest")
def test_a_fragile_vendor_is_found_against_an_even_base(medaudit: Any, findings: Any) -> None:
    spec = "python:planted:make"
    models = ["--model", f"{spec}?vendor=Corvid", "--base", spec]
    done = medaudit("run", *FLAGS, *models, "--slice", "vendor=Corvid", "--out", "run")
    assert done.code == 0, done.err
    assert "0 errors" in done.out

    def one(comparison: str, model: str, **tags: str) -> dict[str, Any]:
        wanted = {"slice": "vendor=Corvid", **tags}
        (found,) = findings("run", metric="shifts.delta", comparison=comparison, model=model, tags=wanted)
        return found

    for mix in ("raw", "standardised"):
        found = one("between_slices", "model", mix=mix)
        assert found["tags"]["flag"] == "worse"
        assert found["ci_low"] < -0.25 < found["ci_high"]
        assert found["ci_high"] < -0.1
        assert found["n_clusters"] > 300
        even = one("between_slices", "base", mix=mix)
        assert even["ci_low"] < 0 < even["ci_high"]
    did = one("did", "model", mix="raw")
    assert did["ci_high"] < -0.1
    (robustness,) = findings("run", metric="shifts.relative_robustness", model="model", comparison="between_slices",
                             tags={"slice": "vendor=Corvid", "mix": "raw"})  # fmt: skip
    assert robustness["ci_high"] < 0.9


@pytest.mark.usefixtures("chest")
def test_an_even_model_is_fragile_to_no_vendor(medaudit: Any, findings: Any) -> None:
    done = medaudit("run", *FLAGS, "--model", "python:planted:make", "--slice", "vendor", "--out", "run")
    assert done.code == 0, done.err
    slices = findings("run", metric="shifts.delta", comparison="between_slices")
    assert len(slices) == 6
    assert not [found for found in slices if found["tags"].get("flag") == "worse"]
