"""Words for codes that only content knows, in the language in use: facts, clocks, steps and answers.

`bdesk.speech.speak(code, params, words)` uses them.
"""

from collections.abc import Collection, Mapping

from bdesk.data.book.book import Book
from bdesk.i18n import language
from bdesk.rules.masking import HIDDEN
from bdesk.rules.walk.model import Procedure
from bdesk.rules.walk.values import Facts, FactType, Text
from bdesk.rules.walk.words import PLACE, spell
from bdesk.text import yuan

__all__ = ["book_words", "procedure_words"]

Sums = Mapping[tuple[str, str], int]
"""What was committed, in fen, by step and answer."""


def book_words(book: Book) -> Mapping[str, str]:
    """Labels of facts by their names, names of clocks under "clock.<code>" and "clocks.<code>"."""
    lang = language()
    words = {name: spec.label.get(lang) for name, spec in book.fact_specs.items()}
    for code, kind in book.clock_kinds.items():
        if "@" not in code:
            words[f"clock.{code}"] = words[f"clocks.{code}"] = kind.name.in_(lang)
    return words


def procedure_words(
    procedure: Procedure, facts: Facts | None = None, sums: Sums | None = None, hidden: Collection[str] = ()
) -> Mapping[str, str]:
    """Titles of steps under "step.<id>", labels of answers under "option.<id>.<code>".

    With the facts of a case the places of its labels are filled: money with what was committed by that
    answer, never with what is left now, and facts that are `hidden` with stars.
    """
    lang = language()
    words: dict[str, str] = {}

    def filled(step: str, code: str, label: Text) -> str:
        def place(name: str) -> str:
            spec = procedure.facts.get(name)
            if name in hidden:
                return HIDDEN
            if spec is not None and spec.type is FactType.MONEY:
                sum_fen = (sums or {}).get((step, code))
                return yuan(sum_fen) if sum_fen is not None else ".."
            return spell(name, facts or {}, {}, procedure.facts, lang)

        text = label.get(lang)
        return PLACE.sub(lambda match: place(match.group(1)), text) if facts is not None else text

    for step in procedure.steps:
        words[f"step.{step.id}"] = step.title.get(lang)
        for option in step.options:
            words[f"option.{step.id}.{option.code}"] = filled(step.id, option.code, option.label)
    return words
