"""F10 9: handing over the shift. What I hold is packed by one digit; what others packed is accepted here."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from bdesk.data.drafts import Drafts
from bdesk.i18n import _, pick
from bdesk.operations import shift_handover
from bdesk.operations.looking.shifts import ShiftSummary, summary
from bdesk.rules import account
from bdesk.screens import navigation
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered

if TYPE_CHECKING:
    from bdesk.screens.base import DeskScreen


def ask(screen: "DeskScreen") -> None:
    """Read what there is, then ask for whom it is."""

    async def put() -> None:
        found = await screen.place.desk.read(summary)
        drafts = drafts_of(screen.place.desk.drafts, found.cases)
        modal = AskModal(_question(screen, found, len(drafts)))
        await screen.app.push_screen(modal, _answered(screen, found, drafts))

    navigation.held(screen, put())


def _question(screen: "DeskScreen", found: ShiftSummary, drafts: int) -> Question:
    group = pick(*found.group_name) if found.group_name else ""
    off: dict[str, str] = {}
    if not found.cases:
        off = dict.fromkeys(("group", "words", "person"), _("Nothing is left to pack"))
    elif not found.group:
        off = dict.fromkeys(("group", "words"), _("You are in no group; choose a colleague"))
    if not found.for_me:
        off["accept"] = _("Nothing was packed for you")
    if not found.mine:
        off["mine"] = _("Nothing of yours waits")
    return Question(
        title=_("Hand over the shift"),
        choices=numbered(
            ("group", _("To my group: {group}", group=group)),
            ("words", _("To my group, with a few words")),
            ("person", _("To a colleague, by number")),
            ("accept", _("Accept what was packed: {count}", count=found.for_me)),
            ("mine", _("What I packed: {count}", count=found.mine)),
            refused=off,
        ),
        wants_words=frozenset({"words", "person"}),
        words_label=_("A few words for the group"),
        labels=(("person", _("The colleague's number")),),
        says=_(
            "You hold: cases {cases}, promises {promises}, stopped clocks {stopped}, drafts {drafts}. Yours "
            "until somebody accepts them; clocks run on.",
            cases=len(found.cases),
            promises=found.promises,
            stopped=found.stopped,
            drafts=drafts,
        ),
    )


def _answered(
    screen: "DeskScreen", found: ShiftSummary, drafts: Mapping[int, str]
) -> Callable[[Answered | None], None]:
    def answered(answer: Answered | None) -> None:
        if answer is None:
            return
        if answer.code in ("accept", "mine"):
            navigation.push_shift_items(screen, mine=answer.code == "mine")
        elif answer.code == "person":
            screen.perform(shift_handover.pack, answer.words, "", drafts)
        else:
            screen.perform(shift_handover.pack, found.group or "", answer.words, drafts)

    return answered


def drafts_of(drafts: Drafts, cases: Collection[int]) -> dict[int, str]:
    """What is half typed on these cases, each as one text: the note first, then the fields."""
    found = {}
    for case_id in cases:
        lines = []
        for field, value in sorted(drafts.load(f"case:{case_id}").items(), key=lambda one: one[0] != "note"):
            if field == "note":
                lines.append(str(value))
            elif isinstance(value, dict):
                # A strip waits for F8 with what was given; the fields of a step are their own names.
                given = value.get("captures") if field == "strip" else value
                lines += _fields(given) if isinstance(given, dict) else []
            elif isinstance(value, str):
                lines.append(value)
        text = "\n".join(line for line in lines if line.strip())
        if text:
            found[case_id] = text
    return found


_NOT_PACKED = frozenset(account.FIELDS.values())
"""A new phone, e-mail or address: it is kept as an account value once it is given, where erasing reaches it,
and nobody reads it before they hold the case. Who takes over asks again."""


def _fields(given: Mapping[str, object]) -> list[str]:
    """What was given, field by field, as it was typed; a day is kept under its own name."""
    plain = {
        name: one.get("date", one) if isinstance(one, dict) else one
        for name, one in given.items()
        if name not in _NOT_PACKED
    }
    return [f"{name}: {one}" for name, one in plain.items() if one not in ("", None, [])]
