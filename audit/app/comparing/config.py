"""What a comparison was asked to do: its pairs of files, from flags or from pairs.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audit.app.config import FailOn
from audit.core.canonical import Json, digest
from audit.core.errors import InputError
from audit.core.redact import redact

if TYPE_CHECKING:
    from audit.policy.document import Value
    from probes.comparison.metrics import Metric

KEYS = ("name", "pair", "model", "base")
REPLAY = "replay:"


@dataclass(frozen=True)
class CellSpec:
    """One cell: a pair of models (`pair`) on one data set (`name`), as two specs."""

    name: str
    pair: str
    model: str
    base: str


@dataclass(frozen=True)
class CompareConfig:
    """A comparison. `tagged` says whether findings carry the names of data sets (there are several, or it has one)."""

    cells: tuple[CellSpec, ...]
    metrics: tuple[Metric, ...]
    tagged: bool
    out: Path | None = None
    seed: int = 0
    policy: Path | None = None
    fail_on: FailOn = "fail"
    command: str = ""

    @property
    def folder(self) -> Path:
        """Where the comparison is kept: `out`, else a name made from the settings."""
        cells: list[Json] = [[cell.name, cell.pair, redact(cell.model), redact(cell.base)] for cell in self.cells]
        return self.out or Path(f"medaudit-compare-{digest([cells, list(self.metrics), self.seed])[:8]}")

    @property
    def pairs(self) -> tuple[str, ...]:
        """The pairs of models, in order of first appearance."""
        return tuple(dict.fromkeys(cell.pair for cell in self.cells))

    def title(self, cell: CellSpec) -> str:
        """What a cell is called on the screen."""
        return cell.name if len(self.pairs) == 1 else f"{cell.pair}, {cell.name}"

    def tags(self, cell: CellSpec) -> Mapping[str, str]:
        """What tells the findings of a cell from those of others."""
        pair = {"pair": cell.pair} if len(self.pairs) > 1 else {}
        return {**({"data": cell.name} if self.tagged else {}), **pair}


def cells_of(models: Sequence[str], bases: Sequence[str], names: Sequence[str]) -> tuple[CellSpec, ...]:
    """One cell per --model and --base, in the order in which they were typed. Raises `InputError`."""
    if not models or not bases:
        raise InputError("Expected --model and --base, or --pairs FILE", remedy="for example --model replay:a.jsonl")
    if len(models) != len(bases) or (names and len(names) != len(models)):
        counts = f"{len(models)} --model, {len(bases)} --base and {len(names)} --name"
        raise InputError(f"Expected as many --base (and --name) as --model but got {counts}")
    called = names or [f"data {number}" for number in range(1, len(models) + 1)]
    return _distinct([CellSpec(*one) for one in zip(called, ["pair"] * len(models), models, bases, strict=True)], None)


def read_pairs(path: Path) -> tuple[CellSpec, ...]:
    """The cells of a `pairs.yaml`: a list of mappings with model, base, name (of the data set) and pair (of the models,
    where there are several). Relative paths of answer files count from the folder of the YAML file. Raises `InputError`
    with the line."""
    from audit.policy.document import read_document

    document = read_document(path)
    content = document.content
    if isinstance(content, dict) and list(content) == ["pairs"]:
        content = content["pairs"].content
    if not isinstance(content, list) or not content:
        raise document.error("Expected a list of pairs, each with model and base")
    return _distinct([_cell(value, number, path.parent) for number, value in enumerate(content, 1)], path)


def _cell(value: Value, number: int, folder: Path) -> CellSpec:
    if not isinstance(value.content, dict):
        raise value.wrong("a mapping with model and base")
    for key, line in value.key_lines.items():
        if key not in KEYS:
            raise value.error(f"Unknown key {key!r} of a pair; allowed: {', '.join(KEYS)}", line)
    given: dict[str, str] = {"name": f"data {number}", "pair": "pair"}
    for key, member in value.content.items():
        if not isinstance(member.content, str) or not member.content.strip():
            raise member.wrong("text that is not empty")
        given[key] = member.content.strip()
    for key in ("model", "base"):
        if key not in given:
            raise value.error(f"Pair {number} has no {key!r}")
    return CellSpec(given["name"], given["pair"], _from(folder, given["model"]), _from(folder, given["base"]))


def _from(folder: Path, spec: str) -> str:
    if not spec.startswith(REPLAY):
        return spec
    target = Path(spec.removeprefix(REPLAY)).expanduser()
    return spec if target.is_absolute() else f"{REPLAY}{folder / target}"


def _distinct(cells: Sequence[CellSpec], path: Path | None) -> tuple[CellSpec, ...]:
    seen: set[tuple[str, str]] = set()
    for cell in cells:
        if (cell.pair, cell.name) in seen:
            raise InputError(f"Two pairs have the name {cell.name!r}", path=path, remedy="give each a name of its own")
        seen.add((cell.pair, cell.name))
    return tuple(cells)
