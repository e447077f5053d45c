"""No operation changes the store without a place in the table of deeds (B0.1)."""

import dis
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType

import pytest

import bdesk.operations
from bdesk.errors import NotAllowed
from bdesk.models.kinds import Role
from bdesk.operations.context import Context
from bdesk.rules import roles
from bdesk.speech import speak_error

ROOM = "bdesk.operations."


def operations() -> Iterator[tuple[str, FunctionType]]:
    """Every public function of the room that is handed a context first, by its deed's name."""
    for found in pkgutil.walk_packages(bdesk.operations.__path__, ROOM):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(value) or value.__module__ != found.name:
                continue
            first = next(iter(inspect.signature(value).parameters.values()), None)
            if first is not None and first.annotation in (Context, "Context"):
                yield f"{found.name.removeprefix(ROOM)}.{name}", value


def names_in(code: CodeType) -> set[str]:
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    return set(code.co_names).union(*(names_in(one) for one in inner))


def globals_in(code: CodeType) -> set[str]:
    """The names that are looked up in the module, and not on something: `read`, and not `store.read`."""
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    mine = {str(one.argval) for one in dis.get_instructions(code) if one.opname == "LOAD_GLOBAL"}
    return mine.union(*(globals_in(one) for one in inner))


def writes(function: Callable[..., object], seen: set[object] | None = None) -> bool:
    """Whether a function, or one of the room's that it names, begins a write on the store."""
    seen = set() if seen is None else seen
    if function in seen or not isinstance(function, FunctionType):
        return False
    seen.add(function)
    names = names_in(function.__code__)
    if {"store", "write"} <= names:
        return True
    known = (function.__globals__.get(name) for name in globals_in(function.__code__))
    return any(writes(one, seen) for value in known for one in named(value, names))


def named(value: object, names: set[str]) -> Iterator[Callable[..., object]]:
    """What a global stands for: a function, the methods of a class, what is named of a module."""
    if isinstance(value, ModuleType):
        for name in names:
            if value.__name__.startswith(ROOM):
                yield from named(vars(value).get(name), set())
    elif isinstance(value, type):
        yield from (one for one in vars(value).values() if inspect.isfunction(one))
    elif inspect.isfunction(value) and value.__module__.startswith(ROOM):
        yield value


def test_every_operation_that_writes_has_its_place_and_nothing_else_has_one() -> None:
    writing = {deed for deed, function in operations() if writes(function)}
    assert writing == set(roles.DEEDS)


def test_what_is_looked_for_finds_what_writes() -> None:
    found = dict(operations())
    assert writes(found["notes.add_note"])
    assert writes(found["sweep.sweep"])
    assert writes(found["importing.upsert.run_import"])
    assert not writes(found["looking.queue.first_page"])
    assert len(found) > 90


def test_an_operation_asks_for_its_own_deed_and_no_other() -> None:
    for deed, function in operations():
        asked = [one for one in function.__code__.co_consts if isinstance(one, str) and one in roles.DEEDS]
        assert set(asked) <= {deed}, deed


@pytest.mark.parametrize("deed", sorted({**roles.DEEDS, **roles.SIGHTS}))
def test_who_may_not_is_told_so_in_words(deed: str) -> None:
    for role in set(Role) - roles.rule_of(deed).roles:
        with pytest.raises(NotAllowed) as refused:
            roles.check(role, deed)
        assert not roles.may(role, deed)
        said = speak_error(refused.value)
        assert said != refused.value.code and "{" not in said


def test_a_deed_that_nobody_wrote_down_is_nobodys() -> None:
    with pytest.raises(LookupError):
        roles.may(Role.MANAGER, "notes.publish")
