"""Frozen values of the book as JSON and back: only classes named here are ever made, so that a file can do
no more than say something wrong.

A tuple is a list; what JSON has no word for is an object of one key: {"e": [enum, value]}, {"c": [class,
fields]}, {"s": [set]}, {"m": [[key, value], ...]}, {"t": [days, seconds]}.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import timedelta
from enum import Enum
from typing import Any, Final

from bdesk.data.book.letter import Letter
from bdesk.models.clock_kinds import Counting, Drives, OnClose, PauseReason, Unit
from bdesk.models.kinds import EvidenceKind, PaymentMethod, Role
from bdesk.rules import evidence, limits, tasks
from bdesk.rules.clock import NextRule, kind
from bdesk.rules.walk import model, values

_CLASSES: Final[Mapping[str, type[Any]]] = {
    one.__name__: one
    for one in (
        model.Leaf, model.AllOf, model.AnyOf, model.NotOf, model.Param, model.EffectUse, model.ClockMove,
        model.Opens, model.Timer, model.Check, model.Choice, model.Capture, model.Way, model.Option,
        model.Step, model.Procedure,
        values.Text, values.FactSpec, values.ParamSpec, values.EffectSpec, values.SlotSpec,
        values.LetterSpec, Letter,
        kind.ClockKind, kind.Words, kind.LeftAtMost, kind.OnLastDay, kind.AfterDay, kind.LastOpenTime,
        kind.AfterElapsed, kind.Length, kind.Setting, NextRule,
        limits.Limits, limits.LimitRow, limits.Cell, limits.Ceiling, limits.FlagRule, tasks.TaskKind,
        evidence.EvidenceNeed,
    )
}  # fmt: skip
_ENUMS: Final[Mapping[str, type[Enum]]] = {
    one.__name__: one
    for one in (
        model.Op, model.StepType, model.CaptureType, model.ClockVerb, model.TimerDo, model.WaitsFor,
        values.Risk, values.FactType, Counting, Drives, OnClose, PauseReason, Unit, kind.SettingType, Role,
        limits.Allowed, limits.Need, tasks.Needs, evidence.Known, EvidenceKind, PaymentMethod,
    )
}  # fmt: skip


def pack(value: object) -> Any:
    """The value as plain JSON. Raises TypeError for one of a class that is not known here."""
    if isinstance(value, Enum):
        return {"e": [_known(_ENUMS, value), value.value]}
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple):
        return [pack(one) for one in value]
    if isinstance(value, frozenset):
        return {"s": [pack(one) for one in sorted(value, key=str)]}
    if isinstance(value, Mapping):
        return {"m": [[pack(key), pack(one)] for key, one in value.items()]}
    if isinstance(value, timedelta):
        return {"t": [value.days, value.seconds]}
    said = {
        one.name: pack(getattr(value, one.name)) for one in fields(_dataclass(value)) if _differs(value, one)
    }
    return {"c": [_known(_CLASSES, value), said]}


def unpack(plain: Any) -> Any:
    """The value that `pack` made this from. Raises ValueError, KeyError or TypeError for anything else."""
    if isinstance(plain, list):
        return tuple([unpack(one) for one in plain])
    if not isinstance(plain, dict):
        return plain
    ((sign, body),) = plain.items()
    return _UNPACK[sign](body)


def _object(body: Any) -> Any:
    name, said = body
    return _CLASSES[name](**{key: unpack(value) for key, value in said.items()})


_UNPACK: Final[Mapping[str, Callable[[Any], Any]]] = {
    "c": _object,
    "e": lambda body: _ENUMS[body[0]](body[1]),
    "s": lambda body: frozenset(unpack(one) for one in body),
    "m": lambda body: {unpack(key): unpack(value) for key, value in body},
    "t": lambda body: timedelta(days=body[0], seconds=body[1]),
}


def _known(names: Mapping[str, type[Any]], value: object) -> str:
    name = type(value).__name__
    if names.get(name) is not type(value):
        raise TypeError(f"cannot be kept: {type(value)!r}")
    return name


def _dataclass(value: object) -> Any:
    _known(_CLASSES, value)
    return value


def _differs(value: object, one: Field[Any]) -> bool:
    if one.default is not MISSING:
        return bool(getattr(value, one.name) != one.default)
    return True
