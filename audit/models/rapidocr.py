"""`ocr:rapidocr`: an OCR program as a model, offline, with the networks that its package brings along.

It reads; it understands no question. That makes it the reader that misses least of what stands in the pixels, and
the plainest test of what masking pixels is worth.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.core.answer import Answer
from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.model import Capability
from audit.core.query import Query
from audit.core.reading import Printed, page
from audit.models.ocr_pieces import printed
from audit.models.spec import Spec
from audit.models.torch_device import require, versions

if TYPE_CHECKING:
    from audit.core.image import Pixels

ADAPTER_VERSION = 1
PACKAGES = ("rapidocr", "onnxruntime", "opencv-python-headless", "numpy", "shapely", "pyclipper")
TASKS = ("Det", "Cls", "Rec")
THREADS = 2


class RapidOcr:
    """Answers every query with the text that it reads in the query's images, in reading order, image after image; a
    query without images with nothing. Settings: `threads` (default 2).

    `read` gives the same as pieces with boxes: it is a `Reader`.
    """

    def __init__(self, spec: Spec) -> None:
        spec.only("threads")
        for package in PACKAGES[:2]:
            require(package, "ocr")
        self.spec = spec.text
        self._threads = spec.number("threads", THREADS, high=256)
        self._networks = networks()
        self._engine: Any = None

    @property
    def capabilities(self) -> frozenset[Capability]:
        """It says what it reads."""
        return frozenset(("generate",))

    @cached_property
    def fingerprint(self) -> Mapping[str, Json]:
        """The hashes of the networks, the settings and the versions of what runs them."""
        return {
            "adapter": f"ocr/{ADAPTER_VERSION}",
            "engine": "rapidocr",
            "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in self._networks.values()},
            "threads": self._threads,
            "versions": versions(*PACKAGES),
        }

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        """Read for all queries, one after another; an image that several show is read once while they are at hand."""
        remembered = lru_cache(maxsize=64)(self._text)
        for index, query in enumerate(queries):
            yield index, self._answer(query, remembered)

    def _answer(self, query: Query, read: Any) -> Answer:
        if query.how != "generate":
            return Answer.failed(f"an OCR program reads; it cannot {query.how}")
        if query.intervention is not None:
            return Answer.failed("an OCR program has no tokens to mask")
        try:
            return Answer(text="\n".join(filter(None, map(read, query.images))))
        except InputError as error:
            return Answer.failed(str(error))

    def _text(self, image: Image) -> str:
        return page(self.read(image.rgb())).text

    def read(self, pixels: Pixels) -> tuple[Printed, ...]:
        """The lines that it finds in (height, width) grey or (height, width, 3) RGB pixels, 8 or 16 bits."""
        colour = Image.of(pixels).rgb()
        return printed(self._loaded()(colour[:, :, ::-1], return_word_box=True), colour.shape[1], colour.shape[0])

    def _loaded(self) -> Any:
        if self._engine is None:
            import onnxruntime
            from rapidocr import RapidOCR

            onnxruntime.disable_telemetry_events()
            threads = "EngineConfig.onnxruntime"
            self._engine = RapidOCR(
                params={
                    "Global.log_level": "critical",
                    f"{threads}.intra_op_num_threads": self._threads,
                    f"{threads}.inter_op_num_threads": 1,
                    # a named file is never looked for on the network
                    **{f"{task}.model_path": str(path) for task, path in self._networks.items()},
                }
            )
        return self._engine

    def close(self) -> None:
        """Free the networks; the next call loads them again."""
        self._engine = None


def networks() -> dict[str, Path]:
    """Task -> the one network of the installed package that does it. Raises `InputError` where there is none."""
    found = importlib.util.find_spec("rapidocr")
    folders = [Path(place) / "models" for place in (found.submodule_search_locations or ())] if found else []
    files: dict[str, Path] = {}
    for task in TASKS:
        matching = [path for folder in folders for path in folder.glob(f"*_{task.lower()}_*.onnx")]
        if len(matching) != 1:
            raise InputError(
                f"The installed rapidocr brings {len(matching)} networks for its task {task.lower()}, not one",
                remedy="pip install 'rapidocr>=3.10,<4', with its own models alone",
            )
        files[task] = matching[0]
    return files


def open_ocr(spec: Spec) -> RapidOcr:
    """The model of an `ocr:rapidocr` spec, without loading it. Raises `InputError` for another name or without the
    packages."""
    if spec.target != "rapidocr":
        raise InputError(f"Unknown OCR program {spec.target!r}", remedy="known: ocr:rapidocr")
    return RapidOcr(spec)
