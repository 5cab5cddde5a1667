"""Loading: a processor that needs no torchvision, and a model whose weights are all there."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from pickle import PickleError
from typing import Any

from audit.core.errors import InputError
from audit.core.redact import redact
from audit.models.hf_vlm.settings import Settings
from audit.models.torch_checkpoint import read_json

_log = logging.getLogger(__name__)


def quiet_transformers() -> None:
    """No telemetry and no progress bars of the library: ours shows the rate."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from transformers.utils import logging as library

    library.disable_progress_bar()


def _where(settings: Settings) -> dict[str, Any]:
    """Arguments that keep a local folder off the hub and a hub id at its commit."""
    common: dict[str, Any] = {"trust_remote_code": settings.remote_code}
    if settings.checkpoint.folder is not None:
        return {**common, "local_files_only": True}
    return {**common, "revision": settings.commit}


def load_config(settings: Settings) -> Any:
    """The checkpoint's configuration, without its weights. Raises `InputError`."""
    from transformers import AutoConfig

    source = settings.checkpoint.source
    try:
        return AutoConfig.from_pretrained(source, **_where(settings))
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"The configuration cannot be read: {_line(error)}", path=redact(source)) from error


def load_processor(settings: Settings) -> Any:
    """The checkpoint's processor, its images prepared by Pillow wherever that can be, so that machines with and
    without torchvision see the same pixels. Raises `InputError`."""
    from transformers import AutoImageProcessor, AutoProcessor

    source, where = settings.checkpoint.source, _where(settings)
    try:
        processor = AutoProcessor.from_pretrained(source, **where)
        if hasattr(processor, "image_processor"):
            processor.image_processor = AutoImageProcessor.from_pretrained(source, backend="pil", **where)
    except ImportError as error:
        if "torchvision" not in str(error).lower():
            raise InputError(f"The processor cannot be loaded: {_line(error)}", path=redact(source)) from error
        return _image_only(settings)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"The processor cannot be loaded: {_line(error)}", path=redact(source)) from error
    if not hasattr(processor, "tokenizer"):
        raise InputError("This checkpoint has no processor for images and text", path=redact(source))
    return processor


def _image_only(settings: Settings) -> Any:
    """The checkpoint's processor class with no video part, for processors that need torchvision for video alone."""
    from transformers import AutoImageProcessor, AutoTokenizer

    source, where = settings.checkpoint.source, _where(settings)
    base: Any = _processor_class(settings, where)

    class ImageOnly(base):  # type: ignore[misc]
        """Accepts that the video part is None."""

        def check_argument_for_proper_class(self, argument_name: str, argument: object) -> object:
            if argument is None:
                return None
            found: object = super().check_argument_for_proper_class(argument_name, argument)
            return found

    ImageOnly.__name__ = base.__name__
    parts: dict[str, Any] = {
        "image_processor": lambda: AutoImageProcessor.from_pretrained(source, backend="pil", **where),
        "tokenizer": lambda: AutoTokenizer.from_pretrained(source, **where),
        "video_processor": lambda: None,
    }
    wanted = base.get_attributes()
    unknown = [name for name in wanted if name not in parts]
    if unknown:
        raise InputError(f"The processor needs {', '.join(unknown)} and torchvision", path=redact(source))
    try:
        values, rest = base.get_processor_dict(source, **where)
        return ImageOnly.from_args_and_dict([parts[name]() for name in wanted], values, **_without(rest, where))
    except (OSError, ValueError, KeyError, TypeError, ImportError) as error:
        raise InputError(f"The processor cannot be loaded: {_line(error)}", path=redact(source)) from error


def _without(mapping: dict[str, Any], keys: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key not in keys}


def _processor_class(settings: Settings, where: dict[str, Any]) -> Any:
    """The class that the checkpoint's files name, else the one that its configuration implies."""
    import transformers
    from transformers import AutoConfig
    from transformers.models.auto.processing_auto import PROCESSOR_MAPPING
    from transformers.utils import cached_file

    for name in ("processor_config.json", "preprocessor_config.json", "tokenizer_config.json"):
        options = {key: value for key, value in where.items() if key != "trust_remote_code"}
        found = cached_file(settings.checkpoint.source, name, _raise_exceptions_for_missing_entries=False, **options)
        named = read_json(Path(found)).get("processor_class") if found else None
        if named and hasattr(transformers, named):
            return getattr(transformers, named)
    return PROCESSOR_MAPPING[type(AutoConfig.from_pretrained(settings.checkpoint.source, **where))]


def load_model(settings: Settings) -> Any:
    """The model in evaluation mode on its device, with its PEFT weights.

    Raises `InputError` where it cannot be loaded or where weights would be left at random."""
    import torch
    from transformers import AutoModelForImageTextToText

    source = settings.checkpoint.source
    if settings.pickled:
        _log.warning("%s: weights are read from pickle files (weights_only), which is less safe", redact(source))
    try:
        model, report = AutoModelForImageTextToText.from_pretrained(
            source,
            dtype=getattr(torch, settings.dtype),
            use_safetensors=not settings.pickled,
            weights_only=True,
            output_loading_info=True,
            **_where(settings),
        )
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, PickleError) as error:
        raise InputError(f"The model cannot be loaded: {_line(error)}", path=redact(source)) from error
    absent = sorted({*report["missing_keys"], *(key[0] for key in report["mismatched_keys"])})
    if absent:
        problem = f"{len(absent)} weights are missing or have another shape, for example {absent[0]}"
        raise InputError(f"{problem}; they would be random", path=redact(source))
    if settings.peft is not None:
        model = _with_adapter(model, settings.peft)
    return model.to(settings.device).eval()


def _with_adapter(model: Any, folder: Path) -> Any:
    from peft import PeftModel

    try:
        return PeftModel.from_pretrained(model, str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise InputError(f"The PEFT adapter cannot be applied: {_line(error)}", path=redact(str(folder))) from error


def _line(error: Exception) -> str:
    text = redact(" ".join(str(error).split()))
    return text[:300] or type(error).__name__
