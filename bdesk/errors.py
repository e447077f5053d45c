"""Refusals. Each carries a code and parameters, never a sentence; `bdesk.speech` speaks them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def _rebuild(cls: type["DeskError"], code: str, params: dict[str, object]) -> "DeskError":
    error = cls.__new__(cls)
    DeskError.__init__(error, code, **params)
    return error


class DeskError(Exception):
    """A refusal somebody can act on.

    `code` is a dotted name that `bdesk.speech` has a sentence for; `params` fills its places. A
    parameter whose name ends in `_fen` is money in fen; a datetime is an aware instant.
    """

    code: str
    params: dict[str, object]

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        if not self.params:
            return self.code
        return f"{self.code} ({', '.join(f'{name}={value!r}' for name, value in self.params.items())})"

    def __reduce__(self) -> tuple[Any, ...]:
        # Subclasses have constructors of their own, which the default pickling would call wrongly.
        return (_rebuild, (type(self), self.code, self.params))


class NotFound(DeskError):
    """Nothing has this key. `kind` is a code such as "case", "order", "staff"."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__("not_found", kind=kind, key=key)


class CaseMoved(DeskError):
    """Somebody else changed the case first: `by` their number, `what` the kind of their event."""

    def __init__(self, case_no: str, by: str, what: str) -> None:
        super().__init__("case.moved", case_no=case_no, by=by, what=what)


class FactsMoved(DeskError):
    """What the strip was drawn from is no longer so: `what` names the facts that differ."""

    def __init__(self, what: tuple[str, ...]) -> None:
        super().__init__("facts.moved", what=what)


class NotAllowed(DeskError):
    """The person, the group or the limits do not allow it."""


class StoreProblem(DeskError):
    """The store, or the disk below it, cannot do it."""


class BadInput(DeskError):
    """What was typed or read from a file does not make sense."""


class SetAside:
    """The refusals of single cases where many are gone through, kept until all else is done: of a case whose
    kept procedure was damaged, for one. What the store itself refuses concerns every case, and ends it.
    """

    def __init__(self) -> None:
        self._refused: list[DeskError] = []

    @contextmanager
    def each(self) -> Iterator[None]:
        """Around what is done for one of them."""
        try:
            yield
        except StoreProblem:
            raise
        except DeskError as refused:
            self._refused.append(refused)

    def tell(self) -> None:
        """Raises the first of them, once all else is done."""
        if self._refused:
            raise self._refused[0]
