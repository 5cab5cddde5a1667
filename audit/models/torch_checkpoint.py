"""Checkpoints: where one is, what belongs to it, and the hashes that tell it from another. Imports no torch."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.core.errors import InputError
from audit.core.redact import redact
from audit.models.spec import Spec

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_TEXTS = ("*.json", "*.jinja", "*.txt", "*.model", "*.tiktoken", "chat_templates/*.jinja")
_BY_THE_WAY = re.compile(r"(trainer_state|training_args|.*\.index)\.json|(README|LICENSE|NOTICE|requirements).*")


@dataclass(frozen=True)
class Checkpoint:
    """A folder on this machine, or a hub id at a revision."""

    folder: Path | None
    hub_id: str = ""
    revision: str = ""

    @property
    def source(self) -> str:
        """What transformers loads from."""
        return self.hub_id if self.folder is None else str(self.folder)

    def commit(self) -> str:
        """The commit that the revision of a hub id stands for, asked of the hub or, offline, of the local cache.

        Raises `InputError` where neither knows it."""
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import LocalEntryNotFoundError
        from transformers.utils.hub import resolve_revision

        revision = self.revision or None
        resolved = getattr(resolve_revision(self.hub_id, revision), "resolved", None)
        if resolved:
            return str(resolved)
        try:
            return Path(snapshot_download(self.hub_id, revision=revision, local_files_only=True)).name
        except (LocalEntryNotFoundError, OSError) as error:
            raise InputError(
                f"The model {self.hub_id!r} is neither reachable on the hub nor in the local cache",
                remedy="download it first, or give the path of a local folder",
            ) from error


def _line(error: Exception) -> str:
    return redact((str(error).strip() or type(error).__name__).splitlines()[0])


def locate(target: str, revision: str = "", *, marks: tuple[str, ...] = ("config.json",)) -> Checkpoint:
    """The checkpoint that `target` names: a folder holding one of `marks`, else a hub id (ORG/NAME).

    Whatever looks like a path and does not exist is an error, never a hub look-up. Raises `InputError`.
    """
    path = Path(target).expanduser()
    if path.is_dir():
        if not any((path / mark).is_file() for mark in marks):
            raise InputError(f"No {' or '.join(marks)} in this folder, so it is no checkpoint", path=redact(str(path)))
        return Checkpoint(path)
    parent = Path(target.split("/", maxsplit=1)[0])
    if path.exists() or parent.exists() or not _HUB_ID.fullmatch(target):
        problem = "Expected a folder, not a file" if path.exists() else "Path not found"
        raise InputError(problem, path=redact(target), remedy="give a checkpoint's folder, or a hub id as ORG/NAME")
    return Checkpoint(None, target, revision)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object. Raises `InputError` naming the file if it is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"Expected a JSON file but {_line(error)}", path=redact(str(path))) from error
    if not isinstance(value, dict):
        raise InputError("Expected a JSON object", path=redact(str(path)))
    return value


def weight_files(folder: Path, stem: str, *, pickled: bool) -> list[Path]:
    """The weight files that loading reads: `stem`.safetensors, or the shards of its index (with `pickled` .bin files).

    Raises `InputError` where there are none, or a shard is missing.
    """
    stem, ending = ("pytorch_model" if stem == "model" else stem, "bin") if pickled else (stem, "safetensors")
    single, index = folder / f"{stem}.{ending}", folder / f"{stem}.{ending}.index.json"
    if single.is_file():
        return [single]
    if index.is_file():
        shards = sorted({folder / name for name in read_json(index).get("weight_map", {}).values()})
        for shard in shards:
            if not shard.is_file():
                raise InputError("This shard of the weights is missing", path=redact(str(shard)))
        return [index, *shards]
    other = list(folder.glob("*.bin"))
    remedy = "add ?weights=pickle to load the .bin files, which is less safe" if other and not pickled else None
    raise InputError(f"No weights ({single.name}) in this folder", path=redact(str(folder)), remedy=remedy)


def hashes(files: list[Path], folder: Path) -> dict[str, str]:
    """sha256 of each file, streamed, by its name inside `folder`."""
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in sorted(files)}


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"Cannot be read: {error.strerror}", path=redact(str(path))) from error


def text_files(folder: Path, *, code: bool = False) -> list[Path]:
    """Configuration, tokenizer, processor and template files of a checkpoint (and with `code` its Python files)."""
    found = {path for pattern in (*_TEXTS, *(["*.py"] if code else [])) for path in folder.glob(pattern)}
    return sorted(path for path in found if path.is_file() and not _BY_THE_WAY.fullmatch(path.name))


def folder_hashes(folder: Path, *, stem: str = "model", pickled: bool = False, code: bool = False) -> Mapping[str, str]:
    """Hashes of all files of a checkpoint that can change an answer. Raises `InputError`."""
    return hashes([*weight_files(folder, stem, pickled=pickled), *text_files(folder, code=code)], folder)


def one_of(spec: Spec, key: str, *choices: str) -> str:
    """The setting `key`, the first of `choices` where it is not given. Raises `InputError` for any other value."""
    value = spec.settings.get(key, choices[0])
    if value not in choices:
        expected = " or ".join(choices)
        raise InputError(f"Expected {key} in model {spec.text!r} to be {expected} but got {value!r}")
    return value
