"""The digest: all that a report shows, as plain JSON (`medaudit.digest/1`), and nothing that it does not."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from audit.core.errors import InputError
from audit.core.finding import Finding
from audit.core.item import CLEAN
from audit.core.observation import OUTCOMES, Observation
from audit.core.redact import redact
from reports.schema import (
    DIGEST_SCHEMA,
    BothReplies,
    ChangePart,
    ChangesPart,
    Digest,
    GalleryPart,
    LeakagePart,
    Option,
    ProbePart,
    RegionsPart,
    ReliabilityPart,
    ReplyPart,
    RunPart,
)
from reports.shape import mismatches
from reports.text import cut

MAX_REPLY = 4_000
MAX_QUESTION = 4_000
_MAGIC = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


def build_digest(
    *,
    run: RunPart,
    probes: Iterable[ProbePart] = (),
    findings: Iterable[Finding | Mapping[str, Any]] = (),
    gallery: Iterable[GalleryPart] = (),
    changes: Iterable[ChangesPart] = (),
    leakage: LeakagePart | None = None,
    regions: RegionsPart | None = None,
    reliability: Iterable[ReliabilityPart] = (),
    images: Mapping[str, bytes | str] | None = None,
) -> Digest:
    """The digest of a run from plain parts (see `reports.schema` for each).

    Secrets are taken out of the command and the specs. `images` maps the keys that gallery entries name to encoded
    pictures (PNG, JPEG or WebP bytes, or a base64 data URI); None keeps pictures out. Raises `ValueError` where a part
    does not have the shape of the schema: that is a fault of the caller, not of the user's input.
    """
    pictures = (
        {key: picture if isinstance(picture, str) else data_uri(picture) for key, picture in images.items()}
        if images
        else {}
    )
    digest: dict[str, Any] = {
        "schema": DIGEST_SCHEMA,
        "run": _redacted(run),
        "probes": list(probes),
        "findings": [finding.plain() if isinstance(finding, Finding) else dict(finding) for finding in findings],
        "gallery": list(gallery),
        "changes": list(changes),
        "reliability": list(reliability),
        "images": pictures,
    }
    if leakage is not None:
        digest["leakage"] = leakage
    if regions is not None:
        digest["regions"] = regions
    wrong = next(mismatches(digest, Digest), None)
    if wrong is not None:
        raise ValueError(f"The digest does not fit {DIGEST_SCHEMA}: {wrong}")
    return cast(Digest, digest)


def reply(text: str, *, reading: str | None, outcome: str, status: str = "ok") -> ReplyPart:
    """One model's answer as the gallery holds it: long text is cut, its full length kept. `reading` is the answer as
    parsed, None where nothing could be read."""
    return {
        "text": cut(text, MAX_REPLY),
        "length": len(text),
        "reading": reading,
        "outcome": cast(Any, outcome),
        "status": cast(Any, status),
    }


def gallery_entry(
    *,
    probe: str,
    item: str,
    question: str,
    gold: str,
    answers: Mapping[str, ReplyPart],
    caption: str = "",
    condition: str = CLEAN,
    images: Sequence[str] = (),
    options: Iterable[tuple[str, str]] = (),
    tags: Mapping[str, str] | None = None,
) -> GalleryPart:
    """One failed item: `images` are keys of the digest's pictures, `options` pairs (label, text), `answers` by role."""
    listed = _options(options)
    return {
        "probe": probe,
        "item": item,
        "condition": condition,
        "images": list(images),
        "caption": caption,
        "question": cut(question, MAX_QUESTION),
        "options": listed,
        "gold": cut(gold, MAX_QUESTION),
        "answers": dict(answers),
        "tags": dict(tags or {}),
    }


def change_entry(
    *,
    item: str,
    condition: str,
    question: str,
    gold: str,
    answers: Mapping[str, BothReplies],
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    options: Iterable[tuple[str, str]] = (),
    tags: Mapping[str, str] | None = None,
) -> ChangePart:
    """One question whose answer changed: `before` and `after` are keys of the digest's pictures, `answers` by role."""
    return {
        "item": item,
        "condition": condition,
        "before": list(before),
        "after": list(after),
        "question": cut(question, MAX_QUESTION),
        "options": _options(options),
        "gold": cut(gold, MAX_QUESTION),
        "answers": dict(answers),
        "tags": dict(tags or {}),
    }


def _options(options: Iterable[tuple[str, str]]) -> list[Option]:
    return [{"label": label, "text": cut(text, MAX_QUESTION)} for label, text in options]


def outcome_counts(
    observations: Iterable[Observation], *, scoring: str = "strict", condition: str = CLEAN
) -> dict[str, dict[str, int]]:
    """Observations of one scoring and condition counted by model role and outcome: what the outcome bars show."""
    counts: dict[str, Counter[str]] = {}
    for seen in observations:
        if seen.scoring == scoring and seen.condition == condition:
            counts.setdefault(seen.model, Counter())[seen.outcome] += 1
    return {role: {outcome: count[outcome] for outcome in OUTCOMES} for role, count in sorted(counts.items())}


def data_uri(picture: bytes) -> str:
    """An encoded picture as a base64 data URI. Raises `ValueError` for anything but PNG, JPEG and WebP."""
    for magic, mime in _MAGIC.items():
        if picture.startswith(magic):
            return f"data:{mime};base64,{base64.b64encode(picture).decode('ascii')}"
    raise ValueError(f"Expected PNG, JPEG or WebP bytes but got {picture[:8]!r}")


def write_digest(path: Path, digest: Digest) -> None:
    """Write it as JSON, whole or not at all (a temporary file beside it, then a rename), readable by its owner only."""
    text = json.dumps(digest, indent=1, allow_nan=False, ensure_ascii=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def read_digest(path: Path) -> Digest:
    """Read `digest.json`. Raises `InputError` where it is missing, not JSON, of another schema or of another shape."""
    again = "run the audit again: finished answers are kept"
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise InputError("There is no digest here", path=path, remedy="name the folder of a finished run") from error
    except OSError as error:
        raise InputError(f"The digest cannot be read: {error.strerror}", path=path) from error
    except (ValueError, RecursionError) as error:
        raise InputError("The digest is not valid JSON", path=path, remedy=again) from error
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != DIGEST_SCHEMA:
        raise InputError(f"Expected schema {DIGEST_SCHEMA!r} but got {schema!r}", path=path, remedy=again)
    wrong = next(mismatches(data, Digest), None)
    if wrong is not None:
        raise InputError(f"The digest has another shape: {wrong}", path=path, remedy=again)
    return cast(Digest, data)


def _redacted(run: RunPart) -> dict[str, Any]:
    models = [{**model, "spec": redact(model["spec"])} for model in run["models"]]
    return {**run, "command": redact(run["command"]), "models": models}
