"""The header audit of the DICOM files of a run: which identifying attributes are there, in how many files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from audit.app.headers import audited
from audit.core.dataset import Dataset
from audit.core.errors import InputError
from probes.phi.header import HeaderReport
from reports.schema import HeaderRow, HeadersPart

MOST_FILES, MOST_ROWS = 1000, 60


def headers_part(datasets: Sequence[Dataset]) -> HeadersPart | None:
    """The audit of the first thousand DICOM files among the images, None where there is none."""
    reports = [report for path in _files(datasets) for report in _read(path)]
    if not reports:
        return None
    return {"n": len(reports), "n_marked": sum(one.removed == "YES" for one in reports), "rows": list(_rows(reports))}


def _files(datasets: Sequence[Dataset]) -> list[Path]:
    """The files of images that were read from DICOM ("file#frame"), each once."""
    sources = (record.image.source for dataset in datasets for record in dataset.records)
    names = dict.fromkeys(name for name, hash_, frame in map(_parted, sources) if hash_ and frame.isdecimal())
    return [path for name in names if (path := Path(name)).is_file()][:MOST_FILES]


def _parted(source: str) -> tuple[str, str, str]:
    return source.rpartition("#")


def _read(path: Path) -> Iterator[HeaderReport]:
    try:
        yield from (one.report for one in audited([path]) if one.report is not None)
    except InputError:
        return


def _rows(reports: Iterable[HeaderReport]) -> Iterator[HeaderRow]:
    """Attributes by how many files hold them, the commonest first; places inside sequences count for the attribute."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for report in reports:
        counts.update({(one.place.rpartition(".")[2], one.told_tag, one.kind, one.action) for one in report.found})
    for (attribute, tag, kind, action), n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_ROWS]:
        yield {"attribute": attribute, "tag": tag, "kind": kind, "action": action, "n": n}
