"""A menu of the case screen as a table: its lines in their order, each with what greys it and what it does.

The place in the table is the key: 1 to 9, then 0 1 and on. Who names a key elsewhere asks the table for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bdesk.i18n import _
from bdesk.operations.looking.case import CasePage
from bdesk.screens.case.forms import drafts
from bdesk.screens.case.host import CaseHost
from bdesk.screens.modals.ask import Answered, Question, numbered

PAGE = 9
"""So many lines carry a digit at a time; 0 turns to the next."""

Does = Callable[[CaseHost, int, str], None]
"""Does what a line says on a case, with the words that were asked for."""

Says = Callable[[CasePage, Callable[[str], str]], str]
"""What stands above the lines; it gets the digit of a line by the line's code."""


def always(_host: CaseHost) -> str:
    """Nothing greys the line."""
    return ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `label` is a msgid; `off` says in few words why it is grey now; `words`: it wants some."""

    code: str
    label: str
    does: Does
    off: Callable[[CaseHost], str] = always
    words: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """`key` opens it; `title` and `words_label` are msgids. `draft` names where half-typed words are kept.
    `unread`: it opens on a case that could not be read, too."""

    key: str
    title: str
    entries: tuple[Entry, ...]
    words_label: str = ""
    draft: str = ""
    says: Says | None = None
    unread: bool = False

    def digit(self, code: str) -> str:
        """What is pressed in the menu for a line: "6", "0 1". Raises KeyError."""
        for at, entry in enumerate(self.entries):
            if entry.code == code:
                return " ".join(["0"] * (at // PAGE) + [str(at % PAGE + 1)])
        raise KeyError(code)

    def keys(self, code: str) -> str:
        """What is pressed on the case for a line: "F7 6". Raises KeyError."""
        return f"{self.key} {self.digit(code)}"

    def open(self, host: CaseHost) -> None:
        """Show the lines over the case, and do what is chosen."""
        case_id, page = host.case_id, host.page
        if case_id is None or (page is None and not self.unread):
            return
        question = Question(
            _(self.title),
            numbered(
                *((entry.code, _(entry.label)) for entry in self.entries),
                refused={entry.code: entry.off(host) for entry in self.entries},
            ),
            wants_words=frozenset(entry.code for entry in self.entries if entry.words),
            words_label=_(self.words_label) if self.words_label else "",
            text=drafts.text(host, case_id, self.draft) if self.draft else "",
            says=self.says(page, self.digit) if self.says is not None and page is not None else "",
        )

        def chosen(answer: Answered) -> None:
            next(one for one in self.entries if one.code == answer.code).does(host, case_id, answer.words)

        host.ask(question, chosen, drafts.keeping(host, case_id, self.draft) if self.draft else None)
