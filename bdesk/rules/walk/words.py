"""Content put into words: places filled, values and rules spelt, in Chinese and English side by side.

Only texts of the book and labels of facts are put together here; the few words between them are msgids.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from bdesk.clock import LOCAL
from bdesk.i18n import N_, translate
from bdesk.rules.walk.guards import Finding, look_up
from bdesk.rules.walk.model import Op
from bdesk.rules.walk.values import GIVEN, UNKNOWN, Facts, FactSpec, FactType, FactValue, Given, Text
from bdesk.text import clean, yuan

PLACE = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)\}")
UNTOLD = "--"
"""Stands for a value that is not known; one cell wide everywhere."""

_RULES: Mapping[Op, str] = {
    Op.EQ: N_("must be {value}"),
    Op.NE: N_("must not be {value}"),
    Op.LT: N_("below {value}"),
    Op.LE: N_("at most {value}"),
    Op.GT: N_("above {value}"),
    Op.GE: N_("at least {value}"),
    Op.IN: N_("one of {value}"),
    Op.HAS: N_("must include {value}"),
    Op.KNOWN: N_("must be on file"),
    Op.MISSING: N_("must not be there"),
}
_INVERTED: Mapping[Op, str] = {
    Op.EQ: N_("must not be {value}"),
    Op.NE: N_("must be {value}"),
    Op.LT: N_("at least {value}"),
    Op.LE: N_("above {value}"),
    Op.GT: N_("at most {value}"),
    Op.GE: N_("below {value}"),
    Op.IN: N_("none of {value}"),
    Op.HAS: N_("must not include {value}"),
    Op.KNOWN: N_("must not be there"),
    Op.MISSING: N_("must be on file"),
}
# What does not hold is told as a demand: "level 2, below 2" would be false.
_DEMANDS: Mapping[str, str] = {
    "below {value}": N_("must be below {value}"),
    "at most {value}": N_("must be at most {value}"),
    "above {value}": N_("must be above {value}"),
    "at least {value}": N_("must be at least {value}"),
    "one of {value}": N_("must be one of {value}"),
    "none of {value}": N_("must be none of {value}"),
}


HIDDEN: Final = "****"
MINUTES: Final = "分钟"
"""The unit of facts that say by how much something is late."""
DAYS_FROM: Final = 3 * 24 * 60
"""Minutes from which on nobody counts in hours."""
DUE: Final = "due_at"
"""How the names of facts and of slots end that hold a due time."""


def places(text: Text) -> Iterator[str]:
    """Names of the places of a text, from both languages."""
    for part in (text.zh, text.en):
        for match in PLACE.finditer(part):
            yield match.group(1)


def fill(text: Text, facts: Facts, given: Given, specs: Mapping[str, FactSpec]) -> Text:
    """The text with its places filled in both languages; what is not known reads `--`."""

    def one(language: str, body: str) -> str:
        return PLACE.sub(lambda match: spell(match.group(1), facts, given, specs, language), body)

    return Text(one("zh", text.zh), one("en", text.en))


def spell(name: str, facts: Facts, given: Given, specs: Mapping[str, FactSpec], language: str) -> str:
    """The value of a fact or an answer in words."""
    return spell_value(look_up(name, facts, given), spec_of(name, specs), language)


def spec_of(name: str, specs: Mapping[str, FactSpec]) -> FactSpec | None:
    """The spec a name is spelt by; amounts among the answers are money."""
    if name.startswith(GIVEN) and name not in specs:
        kind = FactType.MONEY if name.endswith("amount") else FactType.TEXT
        return FactSpec(name, kind, Text(name, name))
    return specs.get(name)


def spell_value(value: FactValue, spec: FactSpec | None, language: str) -> str:
    """A value as an agent reads it: money as yuan, instants in local time, codes by their labels.

    A due time at midnight is the end of the day before: 10月13日 24:00 (SLA.md, Shape).
    """
    if value is UNKNOWN:
        return UNTOLD
    if spec is not None and spec.hidden and value is not None:
        return HIDDEN
    if value is None:
        return translate(language, "none")
    if isinstance(value, bool):
        return translate(language, "yes") if value else translate(language, "no")
    if isinstance(value, datetime):
        return _instant(value, language, due=spec is not None and spec.name.endswith(DUE))
    if isinstance(value, date):
        return _day(value, language)
    if isinstance(value, tuple):
        joint = "、" if language == "zh" else ", "
        return joint.join(_code(one, spec, language) for one in value) or translate(language, "none")
    if isinstance(value, int):
        return _number(value, spec, language)
    return _code(value, spec, language)


def spell_rule(finding: Finding, specs: Mapping[str, FactSpec], language: str) -> str:
    """The comparison of a finding as a rule: "at most 500.00"; "must be .." where it does not hold."""
    leaf = finding.leaf
    spec = spec_of(leaf.fact, specs)
    value = _with_unit(spell_value(finding.wanted, spec, language), spec, language, finding.wanted)
    if leaf.value_fact is not None:
        other = specs.get(leaf.value_fact)
        if other is not None:
            value = f"{other.label.get(language)} {value}"
    words = (_INVERTED if finding.inverted else _RULES)[leaf.op]
    if finding.truth is None or finding.truth is finding.inverted:
        words = _DEMANDS.get(words, words)
    return translate(language, words, value=value)


def is_sign(finding: Finding) -> bool:
    """Whether it says of something that it should not be: told by the value alone, "stock too low: yes". A
    demand after it, "must be no", would read as if somebody had to see to it."""
    leaf = finding.leaf
    return leaf.op is Op.EQ and leaf.value is False and finding.actual is True and not finding.inverted


def explain(finding: Finding, specs: Mapping[str, FactSpec]) -> Text:
    """Why a guard is not met, in words an agent can read out: label, value, rule."""
    spec = spec_of(finding.leaf.fact, specs)

    def one(language: str) -> str:
        label = spec.label.get(language) if spec is not None else finding.leaf.fact
        value = spell_value(finding.actual, spec, language)
        value = _with_unit(value, spec, language, finding.actual)
        if finding.actual is UNKNOWN:
            return translate(language, "{label} is not known", label=label)
        if is_sign(finding):
            return f"{label} {value}"
        rule = spell_rule(finding, specs, language)
        return translate(language, "{label} {value}, {rule}", label=label, value=value, rule=rule)

    return Text(one("zh"), one("en"))


def _with_unit(words: str, spec: FactSpec | None, language: str, value: FactValue) -> str:
    plain = isinstance(value, int) and not isinstance(value, bool)
    if spec is None or not spec.unit or not plain or language != "zh" or is_span(spec):
        return words
    return f"{words}{spec.unit}"


def _number(value: int, spec: FactSpec | None, language: str) -> str:
    if spec is not None and spec.type is FactType.MONEY:
        return yuan(value)
    return _span(value, language) if is_span(spec) else f"{value}"


def is_span(spec: FactSpec | None) -> bool:
    """Whether a number is so many minutes, which are told with their unit in both languages."""
    return spec is not None and spec.unit == MINUTES


def _span(minutes: int, language: str) -> str:
    """By how much: minutes under an hour, whole hours under three days, whole days from there on."""
    if not minutes:
        return translate(language, N_("not yet"))
    if minutes < 60:
        return translate(language, N_("{count} min"), count=minutes)
    if minutes < DAYS_FROM:
        return translate(language, N_("{count} h"), count=minutes // 60)
    return translate(language, N_("{count} d"), count=minutes // (24 * 60))


def _code(value: str, spec: FactSpec | None, language: str) -> str:
    if spec is not None and value in spec.values:
        return spec.values[value].get(language)
    return clean(value)


def _instant(value: datetime, language: str, *, due: bool = False) -> str:
    local = value.astimezone(LOCAL)
    if due and local.time() == time():
        day = local.date() - timedelta(days=1)
        return f"{_day(day, language)} 24:00"
    return f"{_day(local.date(), language)} {local:%H:%M}"


def _day(value: date, language: str) -> str:
    return f"{value.month}月{value.day}日" if language == "zh" else f"{value.month}/{value.day}"
