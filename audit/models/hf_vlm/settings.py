"""The settings of an `hf:` spec, checked, and the fingerprint they give."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.core.redact import redact
from audit.models.hf_vlm.formats import prompt_format
from audit.models.reasoning import Block, Pattern, reasoning_pattern
from audit.models.spec import Spec
from audit.models.torch_checkpoint import (
    Checkpoint,
    folder_hashes,
    hashes,
    locate,
    one_of,
    read_json,
    text_files,
    weight_files,
)
from audit.models.torch_device import DEFAULT_BATCH, device_of, dtype_of, require, versions

ADAPTER_VERSION = 1
KNOWN = (
    "revision",
    "dtype",
    "device",
    "batch_size",
    "peft",
    "template",
    "answer_pattern",
    "weights",
    "remote_code",
    "max_pixels",
    "images",
)


@dataclass(frozen=True)
class Settings:
    """A checked `hf:` spec. `template` is the text of a prompt format that replaces the processor's own, if any."""

    spec: Spec
    checkpoint: Checkpoint
    peft: Path | None
    template: str | None
    pattern: Pattern | None
    pickled: bool
    remote_code: bool

    @cached_property
    def device(self) -> str:
        """cpu, cuda, cuda:N or mps."""
        return device_of(self.spec.settings.get("device", ""))

    @cached_property
    def dtype(self) -> str:
        """float32, float16 or bfloat16."""
        return dtype_of(self.spec.settings.get("dtype", ""), self.device)

    @property
    def batch_size(self) -> int:
        """Queries per forward pass, before memory runs out."""
        return self.spec.number("batch_size", DEFAULT_BATCH[self.device.partition(":")[0]], high=4096)

    @property
    def max_pixels(self) -> int | None:
        """Larger images are scaled down to this area before the processor sees them."""
        return self.spec.number("max_pixels", 1, low=1, high=10**9) if "max_pixels" in self.spec.settings else None

    @property
    def most_images(self) -> int | None:
        """How many images one query may hold, where the spec says so; else any number is tried."""
        return self.spec.number("images", 1, low=1, high=1000) if "images" in self.spec.settings else None

    @property
    def can_score(self) -> bool:
        """Whether what follows a prompt is the answer: with a free pattern nobody knows where reasoning ends."""
        return self.pattern is None or isinstance(self.pattern, Block)

    @cached_property
    def commit(self) -> str:
        """The commit of a hub id, "" for a local folder."""
        return "" if self.checkpoint.folder is not None else self.checkpoint.commit()

    @cached_property
    def model_type(self) -> str:
        """What the checkpoint's configuration calls its architecture; "" where it does not say or cannot be had."""
        folder = self.checkpoint.folder
        if folder is not None:
            return str(read_json(folder / "config.json").get("model_type", ""))
        from transformers.utils import cached_file

        try:
            found = cached_file(self.checkpoint.hub_id, "config.json", revision=self.commit)
        except OSError:
            return ""
        return str(read_json(Path(found)).get("model_type", "")) if found else ""

    @cached_property
    def fingerprint(self) -> dict[str, Json]:
        """Plain data naming all that can change an answer; hashes every file of a local checkpoint."""
        folder = self.checkpoint.folder
        found: dict[str, Json] = {
            "adapter": f"hf/{ADAPTER_VERSION}",
            "checkpoint": {"hub": self.checkpoint.hub_id, "commit": self.commit}
            if folder is None
            else {"files": folder_hashes(folder, pickled=self.pickled, code=self.remote_code)},
            "template": None if self.template is None else hashlib.sha256(self.template.encode()).hexdigest(),
            "peft": None if self.peft is None else _adapter_hashes(self.peft, pickled=self.pickled),
            "dtype": self.dtype,
            "device": self.device.partition(":")[0],
            "attention": "library default",
            "weights": "pickle" if self.pickled else "safetensors",
            "remote_code": self.remote_code,
            "answer_pattern": self.spec.settings.get("answer_pattern"),
            "max_pixels": self.max_pixels,
            "versions": versions("torch", "transformers", "tokenizers", "pillow", *(["peft"] if self.peft else [])),
        }
        return found


def settings_of(spec: Spec) -> Settings:
    """Check a spec without loading anything. Raises `InputError` for whatever can be known to be wrong by now."""
    spec.only(*KNOWN)
    values = spec.settings
    require("torch", "hf")
    require("transformers", "hf")
    checkpoint = locate(spec.target, values.get("revision", ""))
    if checkpoint.folder is not None and "revision" in values:
        raise InputError(f"A local folder has no revision, as asked for in model {spec.text!r}")
    pickled = one_of(spec, "weights", "safetensors", "pickle") == "pickle"
    remote = one_of(spec, "remote_code", "0", "1") == "1"
    pattern = reasoning_pattern(values["answer_pattern"]) if "answer_pattern" in values else None
    template = prompt_format(values["template"]) if "template" in values else None
    peft = _adapter(values["peft"], pickled=pickled) if "peft" in values else None
    settings = Settings(spec, checkpoint, peft, template, pattern, pickled, remote)
    dtype_of(values.get("dtype", ""), "cpu")
    spec.number("batch_size", 1, high=4096)
    _ = settings.max_pixels, settings.most_images
    if checkpoint.folder is not None:
        _check_folder(checkpoint.folder, settings)
    return settings


def _check_folder(folder: Path, settings: Settings) -> None:
    read_json(folder / "config.json")
    weight_files(folder, "model", pickled=settings.pickled)
    if settings.template is None and not _has_template(folder):
        raise InputError(
            "This checkpoint has no chat template",
            path=redact(str(folder)),
            remedy="add ?template=NAME (for example plain, llava-v1) or the path of a Jinja file",
        )


def _has_template(folder: Path) -> bool:
    if (folder / "chat_template.jinja").is_file() or (folder / "chat_template.json").is_file():
        return True
    configs = [folder / name for name in ("processor_config.json", "tokenizer_config.json")]
    return any(read_json(path).get("chat_template") for path in configs if path.is_file())


def _adapter(text: str, *, pickled: bool) -> Path:
    require("peft", "peft")
    folder = Path(text).expanduser()
    if not (folder / "adapter_config.json").is_file():
        raise InputError("No adapter_config.json here, so it is no PEFT adapter", path=redact(text))
    weight_files(folder, "adapter_model", pickled=pickled and not (folder / "adapter_model.safetensors").is_file())
    return folder


def _adapter_hashes(folder: Path, *, pickled: bool) -> dict[str, str]:
    pickled = pickled and not (folder / "adapter_model.safetensors").is_file()
    return hashes([*weight_files(folder, "adapter_model", pickled=pickled), *text_files(folder)], folder)
