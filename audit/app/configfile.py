"""`audit.yaml`: the flags of a run and the options of its probes, in a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from audit.core.errors import InputError

DEFAULT = Path("audit.yaml")
_LISTS = frozenset({"probe", "data", "allow_host", "slice"})


def read_config(path: Path | None, known: frozenset[str]) -> dict[str, object]:
    """The settings in `path` (else in ./audit.yaml where there is one, else none), flags by their long names.

    `known` are the flags that may be set. `probes:` maps a probe to its options. Raises `InputError`.
    """
    if path is None and not DEFAULT.is_file():
        return {}
    file = path or DEFAULT
    data = _parse(file)
    settings: dict[str, object] = {}
    for key, value in data.items():
        name = str(key).replace("-", "_")
        if name == "probes":
            settings["probes"] = _options(value, file)
        elif name not in known:
            allowed = ", ".join(sorted(known | {"probes"}))
            raise InputError(f"Unknown key {key!r}", path=file, remedy=f"allowed: {allowed}")
        else:
            settings[name] = _value(name, value, file)
    return settings


def _parse(file: Path) -> Mapping[object, object]:
    import yaml

    try:
        data = yaml.safe_load(file.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"Cannot be read: {error.strerror}", path=file) from error
    except UnicodeDecodeError as error:
        raise InputError("Is not UTF-8 text", path=file, remedy="save it as UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = None if mark is None else mark.line + 1
        raise InputError(f"Is not YAML: {getattr(error, 'problem', error)}", path=file, row=row) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise InputError(f"Expected keys and values but got {type(data).__name__}", path=file)
    return data


def _options(value: object, file: Path) -> dict[str, dict[str, object]]:
    if not isinstance(value, dict) or not all(isinstance(given, dict) for given in value.values()):
        raise InputError("Expected `probes:` to map each probe to its options", path=file)
    return {str(probe): {str(k): v for k, v in given.items()} for probe, given in value.items()}


def _value(name: str, value: object, file: Path) -> object:
    if name in _LISTS:
        items = value if isinstance(value, list) else [value]
        return [str(item) for item in items]
    if isinstance(value, (dict, list)):
        raise InputError(f"Expected one value for {name!r} but got {type(value).__name__}", path=file)
    return value if isinstance(value, (bool, int)) or value is None else str(value)
