"""One person's settings on one machine: `settings.toml` in their folder.

Numbers that bind cases are not here: they are policies, kept in the store with the cases they bind.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from bdesk import keys
from bdesk.errors import BadInput
from bdesk.i18n import LANGUAGES
from bdesk.paths import settings_path

THEMES = ("auto", "truecolor", "ansi", "mono")
RECALL_DEFAULT = 10
RECALL_MAX = 60
LOCK_DEFAULT = 10
LOCK_MAX = 30


@dataclass(frozen=True, slots=True)
class Settings:
    """`language` None follows the environment; `recall_seconds` is how long executed effects wait in
    the outbox (UX 6); `lock_minutes` after how long without a key the desk locks, 1 to 30;
    `evidence_viewer` is a command that gets an address as its last argument."""

    language: str | None = None
    theme: str = "auto"
    recall_seconds: int = RECALL_DEFAULT
    lock_minutes: int = LOCK_DEFAULT
    evidence_viewer: str | None = None
    keymap: keys.Keymap = field(default_factory=lambda: MappingProxyType({}))


class _Wrong(Exception):
    def __init__(self, setting: str, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.name = setting
        self.problem = BadInput(code, **params)


def load(path: Path | None = None) -> Settings:
    """The settings in a file, or the defaults when there is none.

    Raises BadInput "settings.bad" with the line and one problem, "settings.unreadable" otherwise.
    """
    path = path if path is not None else settings_path()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError:
        raise BadInput("settings.unreadable", path=str(path), reason="not UTF-8") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise BadInput("settings.unreadable", path=str(path), reason=reason) from None
    try:
        return _read(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line, problem = _toml_problem(str(error), text)
        raise _bad(path, line, BadInput("settings.toml", reason=problem)) from None
    except _Wrong as wrong:
        raise _bad(path, _line_of(text, wrong.name), wrong.problem) from None


def _read(table: Mapping[str, object]) -> Settings:
    known = {"language", "theme", "recall_seconds", "lock_minutes", "evidence_viewer", "keymap"}
    for name in table:
        if name not in known:
            raise _Wrong(name, "settings.unknown", name=name)
    language = _one_of(table, "language", LANGUAGES)
    return Settings(
        language=language,
        theme=_one_of(table, "theme", THEMES) or "auto",
        recall_seconds=_number(table, "recall_seconds", RECALL_DEFAULT, 0, RECALL_MAX),
        lock_minutes=_number(table, "lock_minutes", LOCK_DEFAULT, 1, LOCK_MAX),
        evidence_viewer=_text(table, "evidence_viewer"),
        keymap=_keymap(table.get("keymap", {})),
    )


def _text(table: Mapping[str, object], name: str) -> str | None:
    value = table.get(name)
    if value is None or (isinstance(value, str) and value.strip()):
        return value
    raise _Wrong(name, "settings.text", name=name)


def _one_of(table: Mapping[str, object], name: str, allowed: tuple[str, ...]) -> str | None:
    value = table.get(name)
    if value is None or (isinstance(value, str) and value in allowed):
        return value
    raise _Wrong(name, "settings.choice", name=name, allowed=allowed)


def _number(table: Mapping[str, object], name: str, default: int, low: int, high: int) -> int:
    value = table.get(name, default)
    # A bool is an int to Python, and `true` seconds are a slip of the pen.
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _Wrong(name, "settings.range", name=name, low=low, high=high)
    return value


def _keymap(value: object) -> keys.Keymap:
    if not isinstance(value, dict):
        raise _Wrong("keymap", "keymap.shape", id="keymap")
    keymap: dict[str, tuple[str, ...]] = {}
    for id, given in _flat(value):
        names = given.split(",") if isinstance(given, str) else given
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise _Wrong(id, "keymap.shape", id=id)
        keymap[id] = tuple(keys.key_name(name.strip()) for name in names if name.strip())
    for problem in keys.check_keymap(keymap):
        raise _Wrong(problem.id, problem.code, **problem.params)
    return MappingProxyType(keymap)


def _flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    """TOML reads an unquoted `queue.call = "f5"` as a table in a table; both spellings are meant."""
    rows: list[tuple[str, object]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{prefix}{name}.")
        else:
            rows.append((f"{prefix}{name}", value))
    return rows


def _line_of(text: str, name: str) -> int:
    last = name.rpartition(".")[2]
    pattern = re.compile(rf"""^\s*\[?\s*["']?(?:[\w.]+\.)?{re.escape(last)}["']?\s*[=\]]""")
    for number, line in enumerate(text.splitlines(), start=1):
        if pattern.match(line):
            return number
    return 1


def _toml_problem(message: str, text: str) -> tuple[int, str]:
    found = re.search(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$", message)
    if found is None:
        return 1, message
    line = int(found[1]) if found[1] else max(1, len(text.splitlines()))
    return line, message[: found.start()]


def _bad(path: Path, line: int, problem: BadInput) -> BadInput:
    return BadInput("settings.bad", path=str(path), line=line, problem=problem)
