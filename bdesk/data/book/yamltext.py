"""Read one YAML text into one checked model; what is wrong is told by file, line and column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from bdesk.errors import BadInput

M = TypeVar("M", bound=BaseModel)


class BadBook(BadInput):
    """A content file does not say what it should: `file`, `line` and `column` (from 1), `where`, `what`."""

    def __init__(self, file: str, line: int, column: int, what: str, where: str = "") -> None:
        at = f"{where}: " if where else ""
        params: dict[str, object] = {"file": file, "line": line, "column": column, "where": where}
        BadInput.__init__(self, "book.bad_file", **params, at=at, what=what.strip().rstrip("."))


TOO_DEEP = "nested too deeply"


class _NoAliases(Composer):
    """A few lines of aliases can stand for more than fits into memory, or for themselves."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.parser.check_event(AliasEvent):
            mark = self.parser.peek_event().start_mark
            raise ComposerError(None, None, "aliases cannot be used here", mark)
        return super().compose_node(parent, index)


def yaml_loader() -> YAML:
    """The one reader of book files: YAML 1.2, places kept, nothing made but plain values."""
    loader = YAML(typ="rt")
    loader.Composer = _NoAliases
    return loader


@dataclass(frozen=True, slots=True)
class Reading(Generic[M]):
    """What a text says, and where: `fault` makes the error for a check that needs more than the model."""

    value: M
    file: str
    tree: object

    def fault(self, path: Sequence[int | str], what: str) -> BadBook:
        line, column = place_of(self.tree, path)
        return BadBook(self.file, line, column, what, ".".join(map(str, path)))


def read_yaml(text: str, model: type[M], file: str) -> Reading[M]:
    """The text as a `model`. YAML 1.2, so `on` and `12:30` stay words and a key twice is refused.

    Raises BadBook with the place of the first fault; `file` is only the name that is told.
    """
    try:
        tree = yaml_loader().load(text)
    except RecursionError:
        raise BadBook(file, 1, 1, TOO_DEEP) from None
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        raise BadBook(file, line, column, str(fault.problem or fault.context or "")) from None
    except YAMLError as fault:
        raise BadBook(file, 1, 1, str(fault).splitlines()[0]) from None
    try:
        value = model.model_validate(tree)
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        line, column = place_of(tree, first["loc"])
        raise BadBook(file, line, column, first["msg"], ".".join(map(str, first["loc"]))) from None
    return Reading(value, file, tree)


def place_of(tree: object, path: Sequence[int | str]) -> tuple[int, int]:
    """Line and column (from 1) of the deepest part of `path` that is in the tree."""
    line, column = 0, 0
    node = tree
    for part in path:
        if isinstance(node, CommentedMap) and part in node:
            line, column = node.lc.key(part)
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line, column = node.lc.item(part)
        else:
            break  # a missing key, or the name of a member of a union
        node = node[part]
    return line + 1, column + 1
