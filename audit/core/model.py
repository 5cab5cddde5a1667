"""Models: one small protocol with declared capabilities; what differs between models is data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from audit.core.answer import Answer
from audit.core.canonical import Json
from audit.core.image import Image
from audit.core.item import Request
from audit.core.query import Query
from audit.core.reading import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from typing_extensions import TypeIs

Capability = Literal["generate", "choose", "likelihood", "embed", "mask_tokens"]


def needed(query: Query) -> frozenset[Capability]:
    """What a model has to be able to do to answer a query."""
    masks: frozenset[Capability] = frozenset() if query.intervention is None else frozenset({"mask_tokens"})
    return masks | {query.how}


class Model(Protocol):
    """Something that answers queries.

    Constructing one is cheap: files may be hashed and read, weights load with the first call of `answers`.
    """

    @property
    def spec(self) -> str:
        """The spec it was made from, without secrets."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What may be asked of it."""

    @property
    def fingerprint(self) -> Mapping[str, Json]:
        """Plain data naming all that can change an answer (weights, tokenizer, processor, template, PEFT, dtype,
        backend,
        preprocessing, adapter version; for a server its URL, model and reported version). Part of every cache key."""

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        """Answer all queries: yields (index into `queries`, answer), each index once, in any order, as they come.

        The adapter batches as it likes. A query that cannot be answered yields `Answer.failed(why)`; an `InputError` is
        raised only where nothing will work (a wrong spec, a rejected request field)."""

    def close(self) -> None:
        """Free memory and connections; the model may be used again afterwards."""


class Lookup(Protocol):
    """A model whose answers exist already, found by item id, condition and sample (replay; the oracle control).

    It has `spec`, `capabilities` and `fingerprint` as a `Model` has."""

    @property
    def spec(self) -> str: ...

    @property
    def capabilities(self) -> frozenset[Capability]: ...

    @property
    def fingerprint(self) -> Mapping[str, Json]: ...

    def conditions(self) -> frozenset[str] | None:
        """Conditions it has answers for, None if any: what is lacking is not assessed, not an error."""

    def look_up(self, requests: Sequence[Request]) -> Sequence[Answer | None]:
        """One answer per request, None where there is none."""


def is_lookup(model: Model | Lookup) -> TypeIs[Lookup]:
    """Whether `model` is a lookup. By its type: `isinstance` of a protocol would read `fingerprint`, which may hash a
    checkpoint or ask a server."""
    return hasattr(type(model), "look_up")


@runtime_checkable
class Encoder(Protocol):
    """What `embed` promises: L2-normalised float32 embeddings of images, shape (n, d), and where there is a text
    tower of texts in the same space (else `embed_texts` raises `ValueError`)."""

    def embed_images(self, images: Sequence[Image]) -> NDArray[np.float32]: ...

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


def is_contrastive(model: Model | Lookup) -> bool:
    """Whether a model answers by comparing an image with texts, so that its embeddings of both share a space: it embeds
    and chooses, and says nothing of its own."""
    return {"embed", "choose"} <= model.capabilities and "generate" not in model.capabilities


@runtime_checkable
class RegionEncoder(Protocol):
    """What a model with `embed` may offer beyond `Encoder`: embeddings of regions from one look at the whole image."""

    @property
    def no_regions(self) -> str:
        """Why regions cannot be embedded (the geometry of the checkpoint is not declared), in words; "" where they
        can. An encoder that a probe is lent has `embed_regions` only where they can."""

    def embed_regions(self, images: Sequence[Image], boxes: Sequence[Sequence[Box]]) -> NDArray[np.float32]:
        """L2-normalised float32, shape (regions, d), all regions of the first image first: the pooled patch tokens
        whose cell meets the box (left, top, right, bottom in pixels of the image as given, the last two exclusive).

        A region that the model is not shown, because its preprocessing cuts it away, has a row of NaN. Raises
        `ValueError` where `no_regions` says why, for a box without area or outside of its image, and where there is
        no region."""


@dataclass(frozen=True)
class HiddenTokens:
    """What an intervention hides of one image of a query.

    `hidden` are numbers below `tokens`, the count of the image's tokens at the layer; `cells` says for each of them
    which rectangle (left, top, right, bottom) of the image as given it stands for, in pixels. `covered` is the coverage
    check: of all that changes in what the vision tower is given when the boxes' pixels are inverted, the share in
    [0, 1] that falls on hidden tokens (1 where nothing changes). It is measured with the model's own preprocessing, so
    a wrong geometry shows; a little less than 1 is what resizing smears over the edge of a cell.
    """

    image: int
    tokens: int
    hidden: tuple[int, ...]
    cells: tuple[tuple[float, float, float, float], ...]
    covered: float


@runtime_checkable
class MasksTokens(Protocol):
    """What `mask_tokens` promises: queries with an `Intervention` are answered with those tokens hidden."""

    @property
    def token_layers(self) -> Mapping[str, tuple[str, ...]]:
        """The layers at which tokens can be hidden, from the image onwards ("patch_embeddings", "block:0" ...,
        "encoder", "projector"; "block:first", "block:middle" and "block:last" name blocks of any tower), each with the
        fills that are well defined there (of "zero", "mean", "attention"). Empty where nothing can be hidden:
        `no_masking` then says why."""

    @property
    def no_masking(self) -> str:
        """Why tokens cannot be hidden, in words; "" where they can."""

    def hidden_tokens(self, query: Query) -> tuple[HiddenTokens, ...]:
        """What the query's intervention hides, one entry an image. Loads the processor, not the weights. Raises
        `ValueError` for a query without an intervention or with one that this model cannot carry out."""


@runtime_checkable
class LimitsImages(Protocol):
    """What a model may offer beyond `Model`: it says how many images one query may hold."""

    @property
    def most_images(self) -> int | None:
        """At least 1; None for any number."""


@runtime_checkable
class Remote(Protocol):
    """A model whose calls leave the process: it can change under a run, and privacy rules apply."""

    @property
    def host(self) -> str:
        """The host name that pixels are sent to."""
