"""Labels as tokens, with tokenizers whose merges are known."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.models.hf_vlm.labels import continuations, label_continuations


def encoder(*merges: str):
    """Greedy longest match over single characters and `merges`; a token's id is its place in the vocabulary."""
    vocabulary = [*merges, *map(chr, range(32, 127)), "\n"]

    def encode(text: str) -> Sequence[int]:
        ids = []
        while text:
            piece = max((word for word in vocabulary if text.startswith(word)), key=len)
            ids.append(vocabulary.index(piece))
            text = text[len(piece) :]
        return ids

    return encode


def test_a_label_stands_alone_and_after_a_space() -> None:
    encode = encoder(" A", " B")
    found = label_continuations(encode, "Answer:", ["A", "B"])
    assert found.drop == 0
    assert found.single
    assert found.sequences == {
        "A": (tuple(encode("A")), tuple(encode(" A"))),
        "B": (tuple(encode("B")), tuple(encode(" B"))),
    }


def test_after_white_space_no_second_space_is_tried() -> None:
    found = label_continuations(encoder(" A", " B"), "assistant\n", ["A", "B"])
    assert {len(several) for several in found.sequences.values()} == {1}


def test_a_space_at_the_end_merges_with_the_label() -> None:
    encode = encoder(" A", " B")
    found = label_continuations(encode, "Answer: ", ["A", "B"])
    assert found.drop == 1
    assert found.single
    assert found.sequences == {"A": (tuple(encode(" A")),), "B": (tuple(encode(" B")),)}


def test_a_prompt_that_merges_with_one_label_only_gives_all_labels_one_context() -> None:
    encode = encoder(" A")
    found = label_continuations(encode, "Answer: ", ["A", "B"])
    assert found.drop == 1
    assert found.sequences == {"A": (tuple(encode(" A")),), "B": (tuple(encode(" ")) + tuple(encode("B")),)}
    assert not found.single


def test_a_variant_that_splits_some_label_is_left_out_for_all() -> None:
    encode = encoder(" A")
    found = label_continuations(encode, "Answer:", ["A", "B"])
    assert found.sequences == {"A": (tuple(encode("A")),), "B": (tuple(encode("B")),)}


def test_labels_that_always_split_are_sequences() -> None:
    found = label_continuations(encoder(), "Answer:", ["yes", "no"])
    assert not found.single
    assert {len(several) for several in found.sequences.values()} == {2}


def test_overlap() -> None:
    assert continuations(encoder(), "Answer:", {"1": ["1"], "10": ["10"]}).overlapping
    assert not continuations(encoder(), "Answer:", {"1": ["1"], "2": ["2"]}).overlapping


def test_an_empty_option_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        continuations(encoder(), "Answer:", {"A": [" "]})


texts = st.text(alphabet="ab AB:\n", min_size=1, max_size=8)


@given(
    prompt=texts, options=st.lists(texts.filter(str.strip), min_size=1, max_size=4), merges=st.lists(texts, max_size=5)
)
def test_context_and_sequence_together_are_the_tokens_of_the_whole(
    prompt: str, options: list[str], merges: list[str]
) -> None:
    encode = encoder(*merges)
    found = continuations(encode, prompt, {str(place): [text] for place, text in enumerate(options)})
    alone = list(encode(prompt))
    for place, text in enumerate(options):
        (ids,) = found.sequences[str(place)]
        assert ids
        assert [*alone[: len(alone) - found.drop], *ids] == list(encode(prompt + text))
