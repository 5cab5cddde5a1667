"""No name leads out of its folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.data.paths import inside

pieces = st.sampled_from(["..", ".", "a", "b", "out", "/", "/etc", "~", "a b", "\\", ""])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "a" / "b").mkdir(parents=True)
    (tmp_path / "rooted").mkdir()
    (root / "out").symlink_to(tmp_path)
    (root / "in").symlink_to(root / "a")
    return root


@given(st.lists(pieces, max_size=7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_given_back_lies_inside(folder: Path, parts: list[str]) -> None:
    found = inside(folder, "/".join(parts))
    if found is not None:
        assert os.path.commonpath([folder.resolve(), found.resolve()]) == str(folder.resolve())


def test_what_climbs_out_is_refused(folder: Path) -> None:
    for named in ("..", "../rooted", "a/../../x.png", "/etc/passwd", "out/x.png", "out", str(folder.parent)):
        assert inside(folder, named) is None, named
    for named in ("a/b", "a/../a", "in/b", "none.png", str(folder / "a")):
        assert inside(folder, named) is not None, named


def test_a_link_to_the_folder_itself_is_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert inside(tmp_path / "link", "a/b") == folder.resolve() / "a" / "b"
