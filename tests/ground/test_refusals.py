"""Every refusal of operations and rules says what to do, in both languages, and not only what is so."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bdesk
from bdesk.errors import CaseMoved, FactsMoved, NotFound
from bdesk.i18n import _, set_language
from bdesk.rules.limits import LimitReason
from bdesk.rules.locators import locator_fault
from bdesk.rules.roles import DEEDS, SIGHTS
from bdesk.speech import MESSAGES

ROOMS = ("operations", "rules")
RAISED = frozenset({"DeskError", "NotAllowed", "StoreProblem", "BadInput"})

ROWS = re.compile(r"import\.")
"""Why a row or a cell was refused. It stands beside the row in the reject file, and the summary says what to
do with these; the fault is all there is to say of each."""

WHOLE_FILES = frozenset(
    f"import.{one}"
    for one in ("column", "empty", "encoding", "header", "header_twice", "kind", "nested", "suffix")
)
"""Refusals of an import as a whole."""

NO_REFUSALS = frozenset({LimitReason.WITHIN, LimitReason.LAPSED, LimitReason.FACTS_CHANGED})
"""Words for where a request stands; nobody is refused with them."""

# Words that tell somebody to do something, or who or what can or must.
DOING = re.compile(
    r"\b(?:add|answer there|approve|ask|attach|check|choose|correct|enter|esc|fill|find|finish|F\d+|give"
    r"|go on|hands them|leave|lists them|look|must|name|needs?|offer|open|put|raise|read|reject|reopen"
    r"|ring|run|save|say|send|shorten|sign in|switch|take|tell|try|type|use|verify|wait|write"
    r"|somebody else|a supervisor can|bdesk [a-z]+|in a moment|come by themselves|nothing is left to do)\b",
    re.IGNORECASE,
)
GIVING = re.compile(r"请|可|须|按|找|用|应|先|等|无须|改|稍后|再|至少|例如|见|F\d")


def codes() -> Iterator[str]:
    for room in ROOMS:
        for path in sorted((Path(bdesk.__file__).parent / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
                    yield from _texts(node.args[0])


def _texts(node: ast.expr) -> Iterator[str]:
    """The codes that an argument may be: one, or one of two."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and "." in part.value:
            yield part.value


def others() -> Iterator[str]:
    """Codes that are raised by a name: limits, what speaks against closing, those of whole classes."""
    yield from (reason.value for reason in LimitReason if reason not in NO_REFUSALS)
    yield from (rule.code for rule in (*DEEDS.values(), *SIGHTS.values()) if rule.code)
    yield from (code for code in MESSAGES if code.startswith("close."))
    yield from (code for code in MESSAGES if code.startswith("locator."))
    yield from (NotFound("case", "1").code, FactsMoved(("a",)).code, CaseMoved("KF1", "1007", "").code)


REFUSALS = sorted({*codes(), *others()} - {code for code in codes() if ROWS.match(code)} | WHOLE_FILES)


def test_the_list_is_not_empty_and_knows_the_codes_of_addresses() -> None:
    assert len(REFUSALS) > 110
    assert locator_fault("-x") in REFUSALS


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_says_what_to_do_in_both_languages(code: str) -> None:
    msgid = MESSAGES.get(code)
    assert msgid is not None, "no sentence"
    assert DOING.search(msgid), msgid
    set_language("zh")
    assert _(msgid) != msgid, "no Chinese"
    assert GIVING.search(_(msgid)), _(msgid)


def test_the_summary_of_an_import_says_what_to_do_with_its_rejected_rows() -> None:
    msgid = "Correct them and import the file again: what is in already is not kept twice."
    assert f'_("{msgid}")' in (Path(bdesk.__file__).parent / "cli" / "importing.py").read_text(
        encoding="utf-8"
    )
    set_language("zh")
    assert GIVING.search(_(msgid))
