"""`hf:` specs: any transformers checkpoint that takes images and text and gives text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from audit.core.answer import Answer
from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.model import Capability, HiddenTokens
from audit.core.query import Query
from audit.core.reading import Box
from audit.models.hf_vlm.masking.architecture import Architecture, UndeclaredError
from audit.models.hf_vlm.masking.table import DECLARED, declared, not_declared
from audit.models.hf_vlm.settings import Settings, settings_of
from audit.models.region_cells import in_region_batches, unit_rows
from audit.models.spec import Spec
from audit.models.torch_batches import in_batches
from audit.models.torch_device import free_memory

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audit.models.hf_vlm.sequences import SequenceScorer


class HfModel:
    """A checkpoint for `AutoModelForImageTextToText`. Weights load with the first call of `answers`.

    Answers do not depend on the batch they were asked in: prompts are padded so that no token sees the padding, and
    sampling draws from one generator per query, seeded by the query."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._scorer: SequenceScorer | None = None

    @property
    def spec(self) -> str:
        """The spec as typed, without secrets."""
        return self.settings.spec.text

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Free text; scores wherever it is known that what follows the prompt is the answer; masked tokens, and
        embeddings of images, where the architecture's geometry is declared."""
        scores: tuple[Capability, ...] = ("choose", "likelihood") if self.settings.can_score else ()
        inside: tuple[Capability, ...] = ("embed", "mask_tokens") if self.settings.model_type in DECLARED else ()
        return frozenset(("generate", *scores, *inside))

    @property
    def most_images(self) -> int | None:
        """How many images one query may hold (`images=N` in the spec), None for any number."""
        return self.settings.most_images

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """What can change an answer. Hashes the files of a local checkpoint, once; asks the hub only for a hub id."""
        return self.settings.fingerprint

    @property
    def token_layers(self) -> Mapping[str, tuple[str, ...]]:
        """The layers at which tokens can be hidden and the fills that are well defined there; see `no_masking`."""
        found = self._geometry
        return {} if isinstance(found, str) else found.layers

    @property
    def no_masking(self) -> str:
        """Why tokens cannot be hidden, "" where they can. Reads the configuration and the processor, not the
        weights."""
        return self._geometry if isinstance(self._geometry, str) else ""

    def hidden_tokens(self, query: Query) -> tuple[HiddenTokens, ...]:
        """What the query's intervention hides of each image. Raises `ValueError` where this model cannot do it."""
        from audit.models.hf_vlm.masking.coverage import hidden_tokens

        found = self._geometry
        if isinstance(found, str):
            raise ValueError(f"this model cannot mask tokens: {found}")
        return hidden_tokens(found, self._processor.image_processor, query, self.settings.max_pixels)

    @property
    def no_regions(self) -> str:
        """Why neither images nor regions can be embedded, "" where they can: what keeps tokens from being hidden."""
        return self.no_masking

    def embed_images(self, images: Sequence[Image]) -> NDArray[np.float32]:
        """The mean of each image's projected tokens, of length 1: shape (n, d), float32. The language model is not
        run. Raises `ValueError` where `no_regions` says why."""
        if not images:
            raise ValueError("Expected something to embed but got nothing")
        import numpy as np

        size = self.settings.batch_size
        batches = (images[start : start + size] for start in range(0, len(images), size))
        return unit_rows(np.concatenate([self._means(some, None) for some in batches]))

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Raises `ValueError`: there is no text tower whose embeddings could be compared with those of images."""
        raise ValueError(f"a generative model has no text tower to embed texts with ({len(texts)} given)")

    def embed_regions(self, images: Sequence[Image], boxes: Sequence[Sequence[Box]]) -> NDArray[np.float32]:
        """The mean of the projected tokens whose cell meets each box, of length 1: shape (regions, d), float32, one
        forward an image; see `RegionEncoder`."""
        return in_region_batches(self._means, images, boxes, self.settings.batch_size)

    def _means(self, images: Sequence[Image], boxes: Sequence[Sequence[Box]] | None) -> NDArray[np.float32]:
        from audit.models.hf_vlm.embedding import token_means

        found = self._geometry
        if isinstance(found, str):
            raise ValueError(f"this model cannot embed images: {found}")
        kept = [Image.of(image.pixels) for image in images]  # read once
        return token_means(self._loaded().engine.model, found, kept, boxes, self.settings.max_pixels)

    @cached_property
    def _geometry(self) -> Architecture | str:
        """The declared geometry, or why there is none."""
        from audit.models.hf_vlm.load import load_config

        if self.settings.model_type not in DECLARED:
            return not_declared(self.settings.model_type)
        try:
            return declared(load_config(self.settings), self._processor.image_processor)
        except UndeclaredError as error:
            return str(error)

    @cached_property
    def _processor(self) -> Any:
        from audit.models.hf_vlm.load import load_processor, quiet_transformers

        quiet_transformers()
        return load_processor(self.settings)

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        """Answer all queries, in batches. Raises `InputError` where the checkpoint cannot be loaded."""
        if not queries:
            return
        scorer = self._loaded()
        yield from in_batches(lambda some: self._ask(scorer, some), queries, self.settings.batch_size, free_memory)

    def _ask(self, scorer: SequenceScorer, queries: Sequence[Query]) -> list[Answer]:
        from audit.models.hf_vlm.generation import generate
        from audit.models.hf_vlm.scoring import choose, likelihood

        how, pattern = queries[0].how, self.settings.pattern
        if how not in self.capabilities:
            raise ValueError(f"{how} is not possible with the answer pattern of {self.spec!r}")
        if how == "generate":
            return generate(scorer.engine, queries, pattern)
        if how == "choose":
            return choose(scorer, queries, pattern)
        return [likelihood(scorer, query, pattern) for query in queries]

    def _loaded(self) -> SequenceScorer:
        if self._scorer is None:
            from audit.models.hf_vlm.engine import Engine
            from audit.models.hf_vlm.load import load_model
            from audit.models.hf_vlm.sequences import SequenceScorer

            settings, processor = self.settings, self._processor
            try:
                engine = Engine(load_model(settings), processor, settings.template, settings.max_pixels)
            except ValueError as error:
                raise InputError(f"The model {self.spec!r} cannot be asked: {error}") from error
            self._scorer = SequenceScorer(engine, settings.batch_size)
        return self._scorer

    def close(self) -> None:
        """Free the model; the next call of `answers` loads it again."""
        self._scorer = None
        free_memory()


def open_hf(spec: Spec) -> HfModel:
    """The model of an `hf:` spec, without loading it. Raises `InputError` for whatever can be known to be wrong."""
    return HfModel(settings_of(spec))
