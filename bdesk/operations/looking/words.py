"""Words for codes that only content knows, in the language in use: facts, clocks, steps and answers.

`bdesk.speech.speak(code, params, words)` uses them.
"""

from collections.abc import Mapping

from bdesk.data.book.book import Book
from bdesk.i18n import language
from bdesk.rules.walk.model import Procedure

__all__ = ["book_words", "procedure_words"]


def book_words(book: Book) -> Mapping[str, str]:
    """Labels of facts by their names, names of clocks under "clock.<code>" and "clocks.<code>"."""
    lang = language()
    words = {name: spec.label.get(lang) for name, spec in book.fact_specs.items()}
    for code, kind in book.clock_kinds.items():
        if "@" not in code:
            words[f"clock.{code}"] = words[f"clocks.{code}"] = kind.name.in_(lang)
    return words


def procedure_words(procedure: Procedure) -> Mapping[str, str]:
    """Titles of steps under "step.<id>", labels of answers under "option.<id>.<code>"."""
    lang = language()
    words: dict[str, str] = {}
    for step in procedure.steps:
        words[f"step.{step.id}"] = step.title.get(lang)
        for option in step.options:
            words[f"option.{step.id}.{option.code}"] = option.label.get(lang)
    return words
