"""Which data each probe works on."""

from __future__ import annotations

from pathlib import Path

from audit.app.binding import OWN_PHANTOMS, PHANTOMS, bind, load_data
from audit.app.config import RunConfig
from audit.app.table import PROBES


def config(**how: object) -> RunConfig:
    return RunConfig(model="control:oracle", base=None, **how)  # type: ignore[arg-type]


def test_phantoms_of_one_kind_for_a_probe_that_needs_many() -> None:
    loaded = load_data(config(), need_images=True, probes=("medobvious", "spurious"))
    kind, n = OWN_PHANTOMS["spurious"]
    own = bind(PROBES.load("spurious"), loaded)
    rest = bind(PROBES.load("medobvious"), loaded)
    assert own is not None
    assert rest is not None
    assert (len(own.records), len(rest.records)) == (n, PHANTOMS)
    assert {f"{r.labels['anatomy']} radiograph" for r in own.records} == {kind}
    assert len({r.labels["anatomy"] for r in rest.records}) > 3


def test_nothing_is_made_that_nobody_asks_for() -> None:
    assert [entry.probe for entry in load_data(config(), need_images=True, probes=("spurious",))] == ["spurious"]
    assert [entry.probe for entry in load_data(config(), need_images=True, probes=("shifts",))] == [None]
    assert [entry.probe for entry in load_data(config(), need_images=True)] == [None]


def test_data_that_the_user_names_are_for_every_probe(tmp_path: Path) -> None:
    from audit.data.phantoms.folder import write_phantoms

    write_phantoms(tmp_path / "films", 12, 0)
    given = config(data=((None, tmp_path / "films" / "manifest.csv"),))
    loaded = load_data(given, need_images=True, probes=("medobvious", "spurious"))
    assert [entry.probe for entry in loaded] == [None]
