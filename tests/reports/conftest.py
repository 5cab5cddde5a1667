"""A made-up but realistic audit as a digest: MedObvious with model and base, a probe not built, hostile text."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from audit.core.finding import Finding
from reports.digest import build_digest, gallery_entry, reply
from reports.html import render
from reports.schema import (
    DataPart,
    Digest,
    FlipsPart,
    GalleryPart,
    ProbePart,
    RegionClusterPart,
    RegionsPart,
    RunPart,
)

HOSTILE = (
    '<script>alert("x")</script>\x00\x1b[31m\u202egnp.exe\u202c"><img src=x onerror=alert(1)> \' onmouseover="evil()" '
    "{{ 7*7 }} ${7*7} &lt; <!-- ]]> javascript:alert(1) </style></svg>\ud800 Z\u0351\u0352\u0353\u0354\u0355\u0356algo"
)
OPTIONS = (("A", "top-left"), ("B", "top-right"), ("C", "bottom-left"), ("D", "bottom-right"))
FORMATS = ("detection_mcq", "detection_open", "referring_mcq", "referring_open", "visual_referring")
TIERS = ("v1", "v2", "v3", "v4", "v5")
GRIDS = ("2x2", "3x3", "4x4", "5x5")


@pytest.fixture(scope="session")
def make_digest() -> Callable[..., Digest]:
    """`make_digest(base=True, images=True, hostile=False)`."""
    return sample_digest


@pytest.fixture(scope="session")
def page_of() -> Callable[..., str]:
    """The rendered page of such a digest, rendered once for all tests."""
    return cache(lambda **how: render(sample_digest(**how)))


def sample_digest(*, base: bool = True, images: bool = True, hostile: bool = False) -> Digest:
    """The whole thing; `hostile` puts hostile text into every free text."""
    say = (lambda text: f"{text} {HOSTILE}") if hostile else str
    return build_digest(
        run=run_part(base=base, say=say),
        probes=[medobvious(base=base, say=say), not_built("mediconfusion", "MedIConfusion: confusable pairs", say)],
        findings=list(findings(base=base, say=say)),
        gallery=list(gallery(base=base, images=images, say=say)),
        images={f"grid{place}": grid(place) for place in range(6)} if images else None,
    )


def run_part(*, base: bool = True, say: Callable[[str], str] = str, **changes: Any) -> RunPart:
    models = [model_part("model", say("hf:hospital/chest-vlm-4b?revision=3f1c"))]
    if base:
        models.append(model_part("base", "hf:google/base-vlm-4b?revision=91aa"))
    run: RunPart = {
        "title": say("Sanity"),
        "verdict": "fail",
        "exit_code": 1,
        "sentence": say("The model fails: it raises more false alarms than the policy allows."),
        "reasons": [
            say("Failed: medobvious.false_alarm_rate (strict) at most 0.1."),
            "Not assessed: MediConfusion has not been built.",
        ],
        "created": "2025-11-23T21:04:11+00:00",
        "command": say("medaudit run --suite sanity --model hf:hospital/chest-vlm-4b --data images/manifest.csv"),
        "suite": say("sanity"),
        "seed": 0,
        "alpha": 0.025,
        "fdr": 0.05,
        "policy": {
            "sha256": "9b1c" * 16,
            "fixed_before_run": True,
            "text": say("schema: medaudit.policy/1\nalpha: 0.025\nprimary:\n  - metric: medobvious.sensitivity"),
        },
        "versions": {"medaudit": "0.1.0", "python": "3.11.2", "numpy": "2.4.0", "torch": say("2.9.0")},
        "models": models,
        "differences": [say("template: 3f1c2 in the model, 77aa0 in the base")] if base else [],
        "data": [data_part(say)],
    }
    return {**run, **changes}  # type: ignore[typeddict-item]


def model_part(role: str, spec: str) -> Any:
    print_ = {"weights": {"sha256": "ab" * 32, "format": "safetensors"}, "dtype": "bfloat16", "peft": None, "tokens": 4}
    return {"role": role, "spec": spec, "fingerprint": print_, "capabilities": ["choose", "generate", "likelihood"]}


def data_part(say: Callable[[str], str]) -> DataPart:
    return {
        "name": say("manifest.csv"),
        "kind": "images",
        "n_records": 412,
        "n_unusable": 3,
        "n_clusters": 208,
        "sha256": "c0ffee" * 10 + "abcd",
        "rules": [say("The cluster is the patient."), "CT was windowed by the VOI LUT of its header."],
        "has_patients": True,
        "counts": {
            "modality": {"X-ray": 190, "CT": 120, "MRI": 62, say("ultrasound"): 40},
            say("view"): {"PA": 120, "AP": 70},
        },
        "problems": [
            {"kind": "unusable", "report_place": say("row 18"), "reason": say("the PNG ends early")},
            {"kind": "duplicate", "report_place": "row 40", "reason": "pixel-identical to row 12"},
            {"kind": "contradiction", "report_place": "row 77", "reason": "labelled CT, the header says MR"},
        ],
    }


def medobvious(*, base: bool, say: Callable[[str], str]) -> ProbePart:
    counts = {"correct": 588, "wrong": 271, "refused": 14, "truncated": 9, "unparsed": 37, "error": 0}
    own = {"correct": 499, "wrong": 398, "refused": 2, "truncated": 0, "unparsed": 20, "error": 0}
    statuses = {"ok": 896, "refused": 14, "truncated": 9}
    return {
        "name": "medobvious",
        "title": say("MedObvious"),
        "question": say("Does the model notice that an input does not belong, before it reads anything into it?"),
        "status": "assessed",
        "reason": "",
        "notes": [say("Each patient appears in one grid only.")],
        "skipped": [say("Outliers by finding: fewer than 8 images per finding.")],
        "controls": [
            {"name": "blind", "why": say("The wording alone reaches 61% on the published prompts.")},
            {"name": "shuffled", "why": "The images of another item: shows whether answers follow the picture."},
            {"name": "constant", "why": "Always the commonest answer; computed, not asked."},
        ],
        "n_items": 919,
        "n_requests": 3676,
        "statuses": {"model": statuses, **({"base": {"ok": 917, "refused": 2}} if base else {})},
        "outcomes": {"model": counts, **({"base": own} if base else {})},
        "n_failed": 331,
    }


def not_built(name: str, title: str, say: Callable[[str], str]) -> ProbePart:
    return {
        "name": name,
        "title": say(title),
        "question": "",
        "status": "not_built",
        "reason": say("This version of medaudit has no such probe yet."),
        "notes": [],
        "skipped": [],
        "controls": [],
        "n_items": 0,
        "n_requests": 0,
        "statuses": {},
        "outcomes": {},
        "n_failed": None,
    }


def finding(metric: str, title: str, estimate: float, half: float, **how: Any) -> Finding:
    settings: dict[str, Any] = {
        "probe": "medobvious",
        "title": title,
        "plain_words": f"{title}: {{value}}.",
        "metric": f"medobvious.{metric}",
        "scoring": "strict",
        "model": "model",
        "estimate": estimate,
        "ci_level": 0.95,
        "ci_low": max(estimate - half, -1.0 if how.get("comparison") == "vs_base" else 0.0),
        "ci_high": min(estimate + half, 1.0),
        "ci_method": "Korn-Graubard",
        "direction": "higher",
        "n_items": 575,
        "n_clusters": 112,
        "n_unjudged": 41,
        "mde": 2 * half,
    }
    return Finding(**{**settings, **how})


def findings(*, base: bool, say: Callable[[str], str]) -> Iterator[Finding]:
    primary: dict[str, Any] = {"role": "primary", "family": "primary", "ci_method": "Korn-Graubard"}
    yield finding(
        "false_alarm_rate",
        say("False alarms"),
        0.223,
        0.052,
        direction="lower",
        threshold=0.1,
        verdict="fail",
        p=1e-5,
        p_adjusted=3e-5,
        ci_low_adjusted=0.161,
        ci_high_adjusted=0.29,
        n_items=344,
        item_ids=("v1_neg_0012", say("v3_neg_4")),
        **primary,
        plain_words=say("Of the grids that are fit to read, {value} are called unfit."),
    )
    yield finding(
        "sensitivity",
        "Outliers found",
        0.814,
        0.039,
        threshold=0.8,
        verdict="inconclusive",
        p=0.24,
        p_adjusted=0.24,
        null=0.2,
        tags={"bound_worst": "0.7430", "bound_best": "0.8812"},
        **primary,
        plain_words="Of the grids that hold an outlier, the model finds and places it in {value}.",
    )
    yield finding("youden_j", "Youden's J", 0.591, 0.06, ci_method="BCa", null=0.0)
    yield finding(
        "accuracy",
        "Accuracy: against the control blind",
        0.02,
        0.05,
        comparison="vs_control",
        ci_method="BCa",
        null=0.0,
        p=0.41,
        p_adjusted=0.55,
        tags={"control": "blind", "reached": "yes"},
        ci_low=-0.03,
    )
    yield finding("average_of_seven", "Average of seven", 0.702, 0.03, scoring="published", ci_method="BCa")
    yield finding("integrity", "Inverted greyscale noticed", 0.0, 0.04, n_items=31, n_clusters=14, n_unjudged=0)
    if base:
        yield finding("false_alarm_rate", "False alarms (base model)", 0.141, 0.04, model="base", direction="lower")
        yield finding("sensitivity", "Outliers found (base model)", 0.702, 0.044, model="base", null=0.2)
        yield finding("youden_j", "Youden's J (base model)", 0.561, 0.06, model="base", ci_method="BCa")
        against: dict[str, Any] = {"comparison": "vs_base", "base": "base", "ci_method": "BCa", "margin": 0.05}
        yield finding(
            "youden_j",
            "Youden's J: against the base model",
            0.03,
            0.055,
            threshold=-0.1,
            verdict="pass",
            p=0.001,
            p_adjusted=0.002,
            equivalence="equivalent",
            **{**primary, **against},
        )
        yield finding("sensitivity", "Outliers found: against the base model", 0.112, 0.05, **against)
        yield finding(
            "false_alarm_rate",
            "False alarms: against the base model",
            0.082,
            0.05,
            direction="lower",
            p=0.001,
            p_adjusted=0.004,
            **against,
        )
    yield from _splits("format", FORMATS, (0.81, 0.58, 0.77, 0.49, 0.63), base)
    yield from _splits("tier", TIERS, (0.78, 0.7, 0.52, 0.61, 0.44), base)
    yield from _splits("grid", GRIDS, (0.79, 0.6, 0.41, 0.3), base)


def _splits(tag: str, values: tuple[str, ...], scores: tuple[float, ...], base: bool) -> Iterator[Finding]:
    for value, score in zip(values, scores, strict=True):
        shared: dict[str, Any] = {"tags": {tag: value}, "null": 0.2, "n_items": 180, "n_clusters": 70, "n_unjudged": 9}
        yield finding("accuracy", f"Accuracy, {tag} {value}", score, 0.07, **shared)
        if base:
            yield finding(
                "accuracy", f"Accuracy, {tag} {value} (base model)", score - 0.08, 0.08, model="base", **shared
            )


def gallery(*, base: bool, images: bool, say: Callable[[str], str], n: int = 8) -> Iterator[GalleryPart]:
    for place in range(n):
        answers = {"model": reply(say("A) top-left. The upper left panel is an MRI."), reading="A", outcome="wrong")}
        if base:
            answers["base"] = reply("D", reading="D", outcome="correct")
        if place == 2:
            answers["model"] = reply("word " * 9000, reading=None, outcome="unparsed", status="ok")
        if place == 3:
            answers["model"] = reply("w" * 1_000_000, reading=None, outcome="truncated", status="truncated")
        yield gallery_entry(
            probe="medobvious",
            item=say(f"v{place % 5 + 1}_det_{place:04d}_mcq"),
            question=say(
                "You are reviewing a 2x2 grid of medical scans. If one scan is the clinical outlier, identify it; if "
                "all are consistent, say so.\nA) top-left\nB) top-right\nC) bottom-left\nD) bottom-right\nE) no outlier"
            ),
            gold="D",
            answers=answers,
            images=[f"grid{place % 6}"] if images else [],
            options=[*OPTIONS, ("E", say("no outlier"))],
            tags={"format": FORMATS[place % 5], "tier": say(TIERS[place % 5])},
            caption=say("An MRI among CT slices."),
        )


def grid(seed: int, side: int = 120) -> bytes:
    """A 2x2 grid of blobs as PNG bytes, one panel unlike the others."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    panels = []
    for place in range(4):
        wide, high = rng.uniform(0.5, 0.8, 2)
        body = np.exp(-(((x / wide) ** 2 + (y / high) ** 2) ** 3))
        holes = sum(np.exp(-(((x - s * 0.3) / 0.2) ** 2 + (y / 0.4) ** 2)) for s in (-1, 1))
        panel = body - 0.7 * holes if place != seed % 4 else body * (0.6 + 0.4 * np.sin(14 * np.hypot(x, y)))
        panels.append(np.clip(panel * 210 + rng.normal(0, 6, x.shape), 0, 255).astype(np.uint8))
    return png(np.vstack([np.hstack(panels[:2]), np.hstack(panels[2:])]))


def png(pixels: Any) -> bytes:
    """8-bit grey pixels of shape (h, w) as PNG bytes."""
    height, width = pixels.shape

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\x00" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def region_flips(
    edit: Any = "removed", n: int = 20, moved: int = 9, control: int = 0, *, shown: bool = True
) -> FlipsPart:
    return {
        "edit": edit, "n": n, "flips": moved, "control": control, "low": 0.2, "high": 0.7,
        "p_adjusted": 0.02 if shown else 0.8, "shown": shown, "became": {"nodule <b>": moved},
    }  # fmt: skip


def region_cluster(**how: Any) -> RegionClusterPart:
    made: Any = {
        "name": "mark-6", "title": "marks in the upper right, about 2% of the image", "nuisance": True,
        "evidence": ["counterfactual"], "n_images": 36, "gap": [0.4, 0.1, 0.7], "gap_p": 0.3,
        "influence": [0.5, None, None], "regions": [{"item": "film-1", "image": "grid0"}],
        "sides": [{"label": "nodule", "inside": {"n": 3, "right": 1.0, "low": 0.3, "high": 1.0},
                   "outside": {"n": 0, "right": None, "low": None, "high": None}}],
        "flips": [region_flips(), region_flips("pasted", 24, 15, 1)],
        "pairs": [{"item": "film-2", "edit": "removed", "before": "grid1", "after": "grid2", "said_before": "nodule",
                   "said_after": "no finding", "gold": "nodule"}],
    }  # fmt: skip
    return {**made, **how}


def regions_part(*shown: RegionClusterPart, accuracy: float | None = 0.8) -> RegionsPart:
    return {
        "encoder": "features:skimage", "n_images": 320, "n_regions": 2094, "accuracy": accuracy, "worst": "mark-6",
        "shown": list(shown),
        "quiet": [{"name": "grid-1", "title": "cells in the upper left", "nuisance": False, "n_images": 1}],
    }  # fmt: skip


@pytest.fixture(scope="session")
def region() -> SimpleNamespace:
    """Parts of a digest about region clusters: `flips`, `cluster`, `part`."""
    return SimpleNamespace(flips=region_flips, cluster=region_cluster, part=regions_part)
