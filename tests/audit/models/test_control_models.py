"""Controls as models: what they promise holds for any query."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.core.answer import Answer
from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.item import Item, Request
from audit.core.model import LimitsImages, Model, Remote, is_lookup
from audit.core.query import Option, Query, ask
from audit.models.guess import named, told
from audit.models.mirror import Mirror, RemoteShuffled, Shuffled
from audit.models.table import open_model

AB = (Option("A", "a cat"), Option("B", "a dog"), Option("C", "None of these"))


class Seer:
    """Says the hashes of the images that it is shown."""

    spec, capabilities, fingerprint = "seer", frozenset({"generate", "embed"}), {"adapter": "seer"}

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        for index, query in enumerate(queries):
            yield index, Answer(" ".join(image.sha256 for image in query.images))

    def close(self) -> None:
        pass


class FarSeer(Seer):
    host = "example.org"


def query(value: int, how: str = "choose", options: tuple[Option, ...] = AB) -> Query:
    return Query(ask(Image.of(np.full((2, 2), value, np.uint8)), "Which?"), options, how=how)


def one(model: Model, asked: Query) -> Answer:
    return dict(model.answers([asked]))[0]


def test_random_is_uniform_and_the_same_again() -> None:
    model = open_model("control:random?seed=1")
    queries = [Query(ask(f"q{n}"), AB, how="choose") for n in range(1500)]
    first = [answer for _, answer in model.answers(queries)]
    assert [answer for _, answer in open_model("control:random?seed=1").answers(queries)] == first
    assert [answer for _, answer in open_model("control:random?seed=2").answers(queries)] != first
    counts = Counter(answer.chosen for answer in first)
    # three cells of 500 with standard deviation 18: four of them
    assert all(abs(counts[label] - 500) < 73 for label in "ABC")
    assert all(answer.chosen == answer.text for answer in first)


@given(st.integers(1, 6), st.sampled_from(["generate", "choose", "likelihood"]), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_random_answers_in_the_form_that_is_asked_for(n: int, how: str, seed: int) -> None:
    options = tuple(Option(chr(65 + place), f"text {place}") for place in range(n))
    answer = one(open_model(f"control:random?seed={seed}"), Query(ask("q"), options, how=how))
    if how == "generate":
        assert answer.text in {option.label for option in options}
        assert not answer.option_logprobs
        return
    assert list(answer.option_logprobs) == [option.label for option in options]
    assert math.fsum(map(math.exp, answer.option_logprobs.values())) == pytest.approx(1.0)
    assert set(answer.option_tokens.values()) == ({1} if how == "likelihood" else set())


def test_random_cannot_guess_free_text() -> None:
    assert one(open_model("control:random"), Query(ask("Describe."))).status == "unparsed"


@given(st.permutations(AB), st.sampled_from("ABC"), st.sampled_from(["choose", "likelihood", "generate"]))
def test_oracle_says_the_target_under_every_condition(options, target, how) -> None:
    asked = query(1, how, tuple(options))
    item = Item("1", "1", asked, target)
    model = open_model("control:oracle")
    assert is_lookup(model)
    assert model.conditions() is None
    clean, blind = model.look_up([Request(item, asked), Request(item, asked, "blind")])
    assert clean == blind
    assert (clean.text if how == "generate" else clean.chosen) == target


def test_oracle_without_options_says_the_target_itself() -> None:
    asked = Query(ask("Where?"))
    assert (
        open_model("control:oracle").look_up([Request(Item("1", "1", asked, "top left"), asked)])[0].text == "top left"
    )


def test_constant_and_none() -> None:
    assert one(open_model("control:constant:B"), query(1)).chosen == "B"
    assert one(open_model("control:constant:A Dog"), query(1)).chosen == "B"
    assert one(open_model("control:constant:what%3F"), query(1)).text == "what?"
    assert one(open_model("control:none"), query(1)).chosen == "C"
    assert one(open_model("control:none"), Query(ask("Which?"))).text == "none"


def test_an_ambiguous_text_names_no_option() -> None:
    options = (Option("A", "left lung"), Option("B", "left knee"))
    assert named(options, "left") is None
    assert told(Query(ask("q"), options, how="choose"), "left") == Answer("left")
    assert named(options, "") is None


def test_blind_and_neutral_show_nothing() -> None:
    assert one(open_model("control:blind:control:neutral:control:constant:x"), query(1)).text == "x"
    for name in ("blind", "neutral"):
        model = open_model(f"control:{name}:control:random?seed=3")
        assert model.fingerprint["inner"]["seed"] == 3
        assert model.fingerprint["control"] == name


def test_a_mirror_asks_the_changed_query() -> None:
    model = Mirror("s", Seer(), {"control": "none"}, lambda queries: [query(9) for _ in queries])
    assert one(model, query(1)).text == query(9).images[0].sha256
    assert model.capabilities == {"generate"}
    assert not isinstance(model, Remote)


@given(st.sets(st.integers(0, 40), min_size=2, max_size=10), st.integers(0, 5), st.data())
@settings(max_examples=40, deadline=None)
def test_shuffled_with_a_pool_answers_alike_whatever_is_asked_together(values, seed, data) -> None:
    queries = [query(value) for value in sorted(values)]
    model = Shuffled("s", Seer(), seed).with_pool(queries)
    whole = dict(model.answers(queries))
    some = data.draw(st.lists(st.sampled_from(range(len(queries))), unique=True, min_size=1))
    part = dict(model.answers([queries[index] for index in some]))
    assert [part[place] for place in range(len(some))] == [whole[index] for index in some]
    assert all(whole[index].text != asked.images[0].sha256 for index, asked in enumerate(queries))
    assert model.fingerprint["pool"] != Shuffled("s", Seer(), seed).with_pool(queries[:1]).fingerprint["pool"]


def test_a_control_of_a_remote_model_stays_remote() -> None:
    for spec in ("control:blind:openai:m@http://example.org/v1", "control:shuffled:openai:m@http://example.org/v1"):
        model = open_model(spec)
        assert isinstance(model, Remote)
        assert model.host == "example.org"
    assert RemoteShuffled("s", FarSeer(), 0).with_pool([query(1)]).host == "example.org"


def test_a_control_takes_as_many_images_as_its_model_unless_it_shows_none() -> None:
    inner = "openai:m@http://example.org/v1?images=1"
    found = {name: open_model(f"control:{name}:{inner}") for name in ("blind", "neutral", "shuffled")}
    assert all(isinstance(model, LimitsImages) for model in found.values())
    assert {name: model.most_images for name, model in found.items()} == {"blind": None, "neutral": 1, "shuffled": 1}
    assert open_model("control:neutral:openai:m@http://example.org/v1").most_images is None


@pytest.mark.parametrize(
    "spec",
    [
        "control:blind",
        "control:oracle:x",
        "control:constant",
        "control:sideways:control:random",
        "control:random?sed=1",
        "control:blind:control:oracle",
        "control:blind:control:random?control_seed=1",
        "control:random?seed=-1",
    ],
)
def test_a_wrong_control_is_one_clear_line(spec) -> None:
    with pytest.raises(InputError) as caught:
        open_model(spec)
    assert "\n" not in str(caught.value)
