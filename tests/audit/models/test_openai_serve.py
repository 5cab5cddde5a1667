"""The openai adapter against a server that we did not write: `transformers serve` with a tiny checkpoint."""

from __future__ import annotations

import numpy as np
import pytest

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.query import Decoding, Option, Query, ask
from audit.models.table import open_model

pytestmark = pytest.mark.slow
SHORT = Decoding(max_new_tokens=6)
AB = (Option("A", "a chest x-ray"), Option("B", "a liver"))


def picture(seed: int) -> Image:
    return Image.of(np.random.default_rng(seed).integers(0, 256, (40, 48), dtype=np.uint8))


def test_it_answers_about_images_and_says_the_same_again(served: str) -> None:
    model = open_model(served)
    queries = [Query(ask(*[picture(n) for n in range(k)], "Which one?"), decoding=SHORT) for k in (0, 1, 2)]
    first = dict(model.answers(queries))
    assert sorted(first) == [0, 1, 2]
    assert {answer.status for answer in first.values()} <= {"ok", "truncated"}
    assert all(answer.new_tokens and answer.new_tokens <= 6 for answer in first.values())
    assert first[0].prompt_tokens < first[1].prompt_tokens < first[2].prompt_tokens, "the images did not arrive"
    again = dict(open_model(served).answers(queries))
    assert [again[n].text for n in range(3)] == [first[n].text for n in range(3)]


def test_choose_falls_back_to_text(served: str) -> None:
    query = Query(ask(picture(1), "A or B?"), AB, how="choose", decoding=SHORT)
    answer = dict(open_model(served).answers([query]))[0]
    assert answer.option_logprobs == {}
    assert answer.notes == ("logprobs_missing",)
    assert answer.status in ("ok", "truncated")


def test_the_fingerprint_can_be_taken(served: str) -> None:
    fingerprint = open_model(served).fingerprint
    assert fingerprint["adapter"] == "openai"
    assert fingerprint["reported"] == {}


def test_another_name_stops_at_the_first_call(served: str) -> None:
    wrong = "openai:somebody/else" + served[served.rindex("@") :]
    with pytest.raises(InputError, match="somebody/else"):
        list(open_model(wrong).answers([Query(ask("hello"), decoding=SHORT)] * 5))
