"""`observations.parquet`: every judged answer, one row each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from audit.core.errors import InputError
from audit.core.observation import OBSERVATIONS_SCHEMA, Observation

_TEXT = ("probe", "item", "cluster", "model", "scoring", "outcome", "given", "target", "condition")


def write_observations(path: Path, rows: Sequence[Observation]) -> None:
    """Write the table whole: to a neighbour first, then renamed over it. The schema's name is in its metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, object] = {name: pa.array([getattr(row, name) for row in rows], pa.string()) for name in _TEXT}
    columns["value"] = pa.array([row.value for row in rows], pa.float64())
    columns["sample"] = pa.array([row.sample for row in rows], pa.int32())
    columns["tags"] = pa.array([sorted(row.tags.items()) for row in rows], pa.map_(pa.string(), pa.string()))
    table = pa.table(columns).replace_schema_metadata({"schema": OBSERVATIONS_SCHEMA})
    neighbour = path.with_name(f".{path.name}.new")
    pq.write_table(table, neighbour, compression="zstd")
    neighbour.chmod(0o600)
    neighbour.replace(path)


def read_observations(path: Path) -> tuple[Observation, ...]:
    """Read the table back; raises `InputError` for a file that is not one or of another schema version."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"Is not a table of observations: {error}", path=path) from error
    schema = (table.schema.metadata or {}).get(b"schema", b"").decode()
    if schema != OBSERVATIONS_SCHEMA:
        raise InputError(f"Expected schema {OBSERVATIONS_SCHEMA!r} but got {schema!r}", path=path)
    return tuple(_rows(table.to_pylist()))


def _rows(rows: Iterable[dict[str, object]]) -> Iterable[Observation]:
    for row in rows:
        tags = row.pop("tags")
        yield Observation(**row, tags=dict(tags))  # type: ignore[arg-type, call-overload]
