"""Book files parsed as YAML 1.2 and remembered by their content.

ruamel.yaml takes 247 ms for 500 steps; the plain form is therefore kept as JSON under the hash of the text.
Positions are not kept: they are looked up again only when something has to be refused.
"""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bdesk import paths
from bdesk.data.book.texts import Source, read, source, sources
from bdesk.data.book.yamltext import TOO_DEEP, BadBook, yaml_loader

__all__ = ["Source", "bad", "fit", "forget", "plain", "position", "read", "source", "sources"]

Model = TypeVar("Model", bound=BaseModel)
_FORMAT = "1"
"""Part of every cache key; raised when the plain form changes its shape."""


_seen: dict[str, dict[str, Any]] = {}


def plain(found: Source) -> dict[str, Any]:
    """The file as plain dicts and lists, from the cache if its text was seen before.

    Raises BadBook with file, line and column for what is no YAML mapping.
    """
    seen = _seen.get(found.text)
    if seen is not None:
        return seen
    path = _cache_path(found)
    kept = _from_cache(path)
    if kept is not None:
        _seen[found.text] = kept
        return kept
    data = _plain(_parse(found))
    if not isinstance(data, dict):
        raise bad(found, 1, 1, "a mapping is expected here")
    _to_cache(path, data)
    _seen[found.text] = data
    return data


def forget() -> None:
    """Forget what this process has parsed; the cache on disk stays."""
    _seen.clear()


def fit(found: Source, model: type[Model], data: dict[str, Any]) -> Model:
    """The plain form as a checked model. Raises BadBook with the place of the first fault."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        location = tuple(first["loc"])
        line, column = position(found, location)
        where = ".".join(str(part) for part in location)
        reason = " ".join(first["msg"].removeprefix("Value error, ").split())
        raise bad(found, line, column, f"{where}: {reason}" if where else reason) from None


def bad(found: Source, line: int, column: int, reason: str) -> BadBook:
    """The one-line refusal of a book file."""
    return BadBook(found.name, line, column, reason)


def position(found: Source, location: tuple[int | str, ...]) -> tuple[int, int]:
    """Line and column (from 1) of the deepest part of a path that the file really has."""
    node: Any = _parse(found)
    at = (1, 1)
    for part in location:
        if isinstance(node, CommentedMap) and part in node:
            line, column = node.lc.key(part)
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line, column = node.lc.item(part)
        else:
            # pydantic names the members of a union in its path; the file knows nothing of them.
            continue
        at = (line + 1, column + 1)
        node = node[part]
    return at


class _DatesAsWords(RoundTripConstructor):
    """Dates stay texts: 2026-02-30 is then a fault of the model, with its place, and not a crash."""


_DatesAsWords.add_constructor("tag:yaml.org,2002:timestamp", lambda _self, node: str(node.value))


def _parse(found: Source) -> Any:
    loader = yaml_loader()
    loader.Constructor = _DatesAsWords
    loader.version = (1, 2)
    try:
        return loader.load(found.text)
    except RecursionError:
        raise bad(found, 1, 1, TOO_DEEP) from None
    except DuplicateKeyError as error:
        mark = error.problem_mark
        raise bad(found, mark.line + 1, mark.column + 1, "the same key twice") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        raise bad(found, line, column, " ".join(str(error.problem or "no valid YAML").split())) from None
    except YAMLError as error:
        raise bad(found, 1, 1, " ".join(str(error).split())) from None


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    if isinstance(node, float):
        return float(node)
    return str(node)


def _cache_path(found: Source) -> Path | None:
    folder = paths.cache_dir()
    if folder is None:
        return None
    key = hashlib.sha256(f"{_FORMAT}\n{found.text}".encode()).hexdigest()
    return folder / f"{key}.json"


def _from_cache(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None


def _to_cache(path: Path | None, data: dict[str, Any]) -> None:
    if path is None:
        return
    try:
        # Written aside and renamed: another desk may be reading the same name.
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(data, out, ensure_ascii=False)
        os.replace(name, path)
    except OSError:
        return
