"""Keys: everything that can change an answer is in them, and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.core.image import Image
from audit.core.query import Decoding, Intervention, Message, Option, Query, answer_key, ask

ONE = Image.of(np.zeros((2, 2), dtype=np.uint8))
TWO = Image.of(np.ones((2, 2), dtype=np.uint8))
QUERY = Query(ask(ONE, "Which?", TWO, system="Be brief."), (Option("A", "left"), Option("B", "right")))

MASKED = Intervention("projector", ((0, 1, 1, 2, 2),), "zero")

CHANGES = {
    "text": replace(QUERY, messages=ask(ONE, "which?", TWO, system="Be brief.")),
    "image order": replace(QUERY, messages=ask(TWO, "Which?", ONE, system="Be brief.")),
    "interleaving": replace(QUERY, messages=ask(ONE, TWO, "Which?", system="Be brief.")),
    "an image left out": replace(QUERY, messages=ask(ONE, "Which?", system="Be brief.")),
    "system prompt": replace(QUERY, messages=ask(ONE, "Which?", TWO)),
    "role": replace(QUERY, messages=(Message("assistant", QUERY.messages[0].parts), QUERY.messages[1])),
    "turns": replace(QUERY, messages=(*QUERY.messages, Message("assistant", ("Left.",)))),
    "option order": replace(QUERY, options=QUERY.options[::-1]),
    "option label": replace(QUERY, options=(Option("1", "left"), Option("B", "right"))),
    "how": replace(QUERY, how="choose"),
    "length limit": replace(QUERY, decoding=Decoding(max_new_tokens=65)),
    "temperature": replace(QUERY, decoding=Decoding(temperature=0.1)),
    "seed": replace(QUERY, decoding=Decoding(seed=1)),
    "stop": replace(QUERY, decoding=Decoding(stop=("\n",))),
    "prefix": replace(QUERY, prefix="Answer:"),
    "sample": replace(QUERY, sample=1),
    "masked tokens": replace(QUERY, intervention=MASKED),
    **{
        f"masked tokens, other {name}": replace(QUERY, intervention=replace(MASKED, **{name: value}))
        for name, value in {
            "layer": "encoder",
            "boxes": ((0, 1, 1, 2, 3),),
            "fill": "mean",
            "radius": 1,
            "pick": "all",
            "seed": 1,
        }.items()
    },
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_the_answer_changes_the_key(what: str) -> None:
    assert CHANGES[what].digest != QUERY.digest


def test_all_changes_have_keys_of_their_own() -> None:
    assert len({query.digest for query in CHANGES.values()}) == len(CHANGES)


def test_the_key_is_fixed_for_good() -> None:
    """A change of this value invalidates every stored answer of every user: it needs a new schema number."""
    assert QUERY.digest == "3ae76927683ce4c209c4e57f97d3fd62ad014e0cf13cdde055a1dedce842148d"
    assert answer_key(QUERY, {"weights": "abc"}) == "73fcc6b5995e404f98da320b29cf316533aca484c024f3ee9c025ac1d2c7c8f3"


def test_every_field_of_an_intervention_is_tried_above() -> None:
    assert {f"masked tokens, other {field.name}" for field in fields(Intervention)} <= CHANGES.keys()


def test_the_model_is_part_of_the_key() -> None:
    assert answer_key(QUERY, {"weights": "a"}) != answer_key(QUERY, {"weights": "b"})


@given(st.text(), st.text())
def test_text_is_never_taken_for_structure(one: str, two: str) -> None:
    apart = Query((Message("user", (one, two)),))
    joined = Query((Message("user", (one + two,)),))
    assert apart.digest != joined.digest


def test_the_source_of_an_image_plays_no_part() -> None:
    moved = Image.of(np.zeros((2, 2), dtype=np.uint8), source="/patients/DOE^JANE.dcm")
    query = replace(QUERY, messages=ask(moved, "Which?", TWO, system="Be brief."))
    assert query.digest == QUERY.digest
