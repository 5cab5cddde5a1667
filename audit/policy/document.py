"""A YAML document whose values remember their lines, read as if somebody hostile had written it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from audit.core.errors import InputError

Scalar = str | int | float | bool | None
_PLAIN = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "seq", "map"))
_MAX_BYTES = 1_000_000
_MAX_DEPTH = 20


@dataclass(frozen=True)
class Value:
    """A value with the place it came from: a scalar, a list of values, or a mapping of names to values."""

    content: Scalar | list[Value] | dict[str, Value]
    line: int
    key: str
    path: Path
    key_lines: dict[str, int] = field(default_factory=dict)

    def wrong(self, expected: str) -> InputError:
        """The error that says what stands here and what may."""
        return self.error(f"Expected {self.key!r} to be {expected} but got {_shown(self.content)}")

    def error(self, problem: str, line: int | None = None) -> InputError:
        """An error at this place (or at another line of the same file)."""
        return InputError(problem, path=self.path, row=self.line if line is None else line)


def read_document(path: Path) -> Value:
    """The one document of a YAML file.

    Anchors and aliases, tags other than plain ones, duplicate keys, keys that are not text, nesting deeper than 20 and
    files above 1 MB are refused: none has a place in a settings file and each can be used against its reader. Raises
    `InputError` with the line.
    """
    text = _text(path)
    try:
        _refuse_tricks(text, path)
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            raise InputError("The file is empty", path=path, remedy="give at least one key, such as 'alpha: 0.025'")
        return _value(loader, node, "", path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        row = None if mark is None else mark.line + 1
        raise InputError(f"Not valid YAML: {error.problem or error.context}", path=path, row=row) from error
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(f"Not valid YAML: {str(error).splitlines()[0]}", path=path) from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise InputError(f"The file cannot be read: {reason}", path=path) from error
    if len(data) > _MAX_BYTES:
        raise InputError("The file is larger than 1 MB", path=path, remedy="is it really a policy?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise InputError("Not UTF-8 text", path=path, row=row, remedy="save the file as UTF-8") from error


def _refuse_tricks(text: str, path: Path) -> None:
    """Stop at anchors and deep nesting before anything recursive sees the document."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        row = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise InputError("Anchors and aliases are not allowed", path=path, row=row, remedy="write the value out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise InputError(f"Nested deeper than {_MAX_DEPTH} levels", path=path, row=row)


def _value(loader: yaml.SafeLoader, node: yaml.Node, key: str, path: Path) -> Value:
    line = node.start_mark.line + 1
    if node.tag not in _PLAIN:
        kind = node.tag.rsplit(":", 1)[-1]
        problem = f"Expected text, a number, yes or no, a list or a mapping but got a value of type {kind!r}"
        raise InputError(problem, path=path, row=line, remedy="put it in quotes if it is text")
    if isinstance(node, yaml.MappingNode):
        members, key_lines = _members(loader, node, key, path)
        return Value(members, line, key, path, key_lines)
    if isinstance(node, yaml.SequenceNode):
        items = [_value(loader, item, f"{key}[{place}]", path) for place, item in enumerate(node.value, 1)]
        return Value(items, line, key, path)
    return Value(loader.construct_object(node), line, key, path)


def _members(
    loader: yaml.SafeLoader, node: yaml.MappingNode, key: str, path: Path
) -> tuple[dict[str, Value], dict[str, int]]:
    members: dict[str, Value] = {}
    lines: dict[str, int] = {}
    for name_node, value_node in node.value:
        row = name_node.start_mark.line + 1
        if not isinstance(name_node, yaml.ScalarNode) or name_node.tag != "tag:yaml.org,2002:str":
            raise InputError("Expected keys to be plain text", path=path, row=row, remedy="put the key in quotes")
        name = str(name_node.value)
        if name in members:
            raise InputError(f"The key {name!r} occurs twice", path=path, row=row, remedy="remove one of them")
        members[name] = _value(loader, value_node, f"{key}.{name}" if key else name, path)
        lines[name] = row
    return members, lines


def _shown(content: Scalar | list[Value] | dict[str, Value]) -> str:
    if isinstance(content, dict):
        return "a mapping"
    if isinstance(content, list):
        return "a list"
    if content is None:
        return "nothing"
    text = repr(content)
    return text if len(text) <= 60 else text[:57] + "..."
