"""The table of the Basic Profile."""

from __future__ import annotations

import re

import pytest
from pydicom.datadict import dictionary_has_tag, dictionary_VR, keyword_for_tag, tag_for_keyword

from probes.phi.header.profile import action, group_kind, table

ACTIONS = {"D", "Z", "X", "U", "Z/D", "X/Z", "X/D", "X/Z/D", "X/Z/U*"}


def test_the_table_is_whole_and_names_are_pydicoms() -> None:
    rows = table()
    assert len(rows) == 652
    assert {action for action, _ in rows.values()} == ACTIONS
    known = {tag for tag in rows if dictionary_has_tag(tag)}
    assert len(known) > 600
    assert all(rows[tag][1] == keyword_for_tag(tag) for tag in known)
    assert all(re.fullmatch(r"\w+", keyword) for _, keyword in rows.values())


def test_uids_are_replaced_and_only_uids() -> None:
    replaced = {tag for tag, (done, _) in table().items() if done == "U" and dictionary_has_tag(tag)}
    assert {dictionary_VR(tag) for tag in replaced} <= {"UI", "LO"}


@pytest.mark.parametrize(
    ("keyword", "done"),
    [
        ("PatientName", "Z"),
        ("PatientBirthDate", "Z"),
        ("AccessionNumber", "Z"),
        ("OtherPatientIDs", "X"),
        ("PatientAddress", "X"),
        ("StudyInstanceUID", "U"),
        ("DeviceSerialNumber", "X/Z/D"),
        ("Rows", ""),
        ("Modality", ""),
        ("SOPClassUID", ""),
    ],
)
def test_actions_of_well_known_attributes(keyword: str, done: str) -> None:
    tag = tag_for_keyword(keyword)
    assert tag is not None
    assert action(tag) == done


def test_groups_stand_for_their_attributes() -> None:
    assert (group_kind(0x00091001), action(0x00091001)) == ("private", "X")
    assert (group_kind(0x50021234), action(0x50021234)) == ("curve", "X")
    assert (group_kind(0x60003000), action(0x60003000)) == ("overlay", "X")
    assert (group_kind(0x601E4000), action(0x601E4000)) == ("overlay", "X")
    assert (group_kind(0x60000010), action(0x60000010)) == ("", "")
    assert (group_kind(0x00100010), action(0x7FE00010)) == ("", "")
