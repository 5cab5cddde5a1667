"""Labels come in one spelling; what says nothing or several things is unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.data.vocabulary import canonical_label

COLUMNS = ["modality", "anatomy", "view", "finding", "laterality", "sex", "age", "vendor", "scanner"]


@pytest.mark.parametrize(
    ("column", "text", "label"),
    [
        *[("modality", text, "X-ray") for text in ("X-ray", "xray", "CR", "DX", "dr", "Radiograph", " X  ray ")],
        *[("modality", text, "MRI") for text in ("MR", "mri", "Magnetic Resonance")],
        ("modality", "US", "ultrasound"),
        ("modality", "CT", "CT"),
        ("modality", "PT", "PET"),
        ("modality", "histology (IHC)", "histology"),
        ("modality", "Thermography", "thermography"),
        ("anatomy", "CHEST", "chest"),
        ("anatomy", "LOWER_LEG", "lower leg"),
        ("anatomy", "LSPINE", "lumbar spine"),
        ("view", "pa", "PA"),
        ("view", "AP Supine", "AP supine"),
        ("view", "LL", "lateral"),
        ("view", "Transverse", "axial"),
        ("finding", "No Finding", "no finding"),
        ("finding", "normal", "no finding"),
        ("finding", "Pleural_Thickening|Mass", "Pleural_Thickening|Mass"),
        ("sex", "female", "F"),
        ("age", "037Y", "37"),
        ("age", "018M", "1"),
        ("age", "000Y", "0"),
        ("age", "64.8", "64"),
        ("age", "94", "90"),
        ("vendor", "G.E. Medical Systems", "GE"),
        ("vendor", "SIEMENS", "Siemens"),
        ("vendor", "Acme", "Acme"),
        ("scanner", "Model 3", "Model 3"),
    ],
)
def test_spellings(column: str, text: str, label: str) -> None:
    assert canonical_label(column, text).value == label


@pytest.mark.parametrize("text", ["", "  ", "n/a", "NaN", "Unknown", "None"])
def test_empty_words_are_unknown_without_a_word(text: str) -> None:
    for column in COLUMNS:
        label = canonical_label(column, text)
        assert (label.value, label.note) == (None, "")


def test_several_things_and_placeholders_are_unknown_and_said_so() -> None:
    assert canonical_label("modality", "CT or MRI").note == "says several things"
    assert canonical_label("view", "PA?").value is None
    assert canonical_label("finding", "todo").note == "is a placeholder"
    assert canonical_label("sex", "7").note == "is no sex"
    assert canonical_label("age", "old").note == "is no age"
    assert canonical_label("finding", "pneumonia or edema").value == "pneumonia or edema"


@given(st.sampled_from(COLUMNS), st.text(max_size=12) | st.sampled_from(["CR", "CT or MRI", "90Y", "ap supine (x)"]))
def test_a_label_is_its_own_label(column: str, text: str) -> None:
    label = canonical_label(column, text)
    assert label.value != ""
    if label.value is not None:
        assert not label.note
        assert canonical_label(column, label.value).value == label.value
