"""The packed cases of a shift, one by one: those that wait for me, or those that I packed myself."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bdesk.i18n import _, language, pick
from bdesk.models.labels import label
from bdesk.operations import shift_handover
from bdesk.operations.looking.shifts import OfferedRow, for_me, mine
from bdesk.rules.clock.display import moment
from bdesk.screens import navigation
from bdesk.screens.hit_list import HitListScreen, fitted
from bdesk.screens.lookup.words import short_no
from bdesk.screens.modals.ask import Answered, AskModal, Question, numbered
from bdesk.screens.place import Place
from bdesk.screens.queue.figures import Lines
from bdesk.screens.queue.words import whom
from bdesk.widgets.chip import row_chip
from bdesk.widgets.hits import Hit, Hits
from bdesk.widgets.lines import Piece
from bdesk.widgets.strips import StatusValues


class ShiftItemsScreen(HitListScreen):
    """Digits pick a case and ask what becomes of it; what dropped out stands below, with a word."""

    def __init__(self, place: Place, *, mine: bool) -> None:
        super().__init__(place)
        self.mine = mine
        self.rows: tuple[OfferedRow, ...] | None = None
        self._more = ""

    def heading(self) -> str:
        return _("My hand-over") if self.mine else _("To accept")

    def extra(self) -> str:
        return "" if self.rows is None else str(sum(1 for one in self.rows if not one.gone))

    def status(self) -> StatusValues:
        does = _("take it back") if self.mine else _("accept or decline")
        says = _("Reading the hand-over") if self.rows is None else ""
        return StatusValues(hints=(("1-9", does), ("Esc", _("back"))), says=says)

    async def reload(self) -> None:
        self.rows = await self.place.desk.read(mine if self.mine else for_me)
        who = self._for_whom if self.mine else _packer
        shown = fitted(_hits(self.rows[: self.room], self.place.now(), who), self.size.width)
        empty = _("Nothing of yours waits") if self.mine else _("Nothing waits to be accepted")
        self.hits.show(shown, empty=empty)
        more = len(self.rows) - len(shown)
        self._more = _("{count} more come after these", count=more) if more else ""
        self._say_words()

    def _say_words(self) -> None:
        """Below the list: with which words the case under the bar was packed."""
        row = self._under_the_bar()
        words = row.words.partition("\n")[0] if row is not None else ""
        left: list[Piece] = [("   ", "text"), (f"{row.packer}  " if row is not None and words else "", "dim")]
        more: list[Piece] = [("   ", "text"), (self._more, "dim")]
        self.query_one("#below", Lines).show([([*left, (words, "soft")], []), (more, [])])

    def _under_the_bar(self) -> OfferedRow | None:
        hit = self.hits.selected
        return next((one for one in self.rows or () if hit is not None and str(one.item_id) == hit.key), None)

    def on_hits_moved(self, _message: Hits.Moved) -> None:
        self._say_words()

    def on_hits_picked(self, message: Hits.Picked) -> None:
        row = next((one for one in self.rows or () if str(one.item_id) == message.hit.key), None)
        if row is not None:
            asked = AskModal(_question(row, self._beside(row), self.mine, self.place.now()))
            navigation.show(self, asked, lambda answer: self._does(row, answer))

    def _does(self, row: OfferedRow, answer: Answered | None) -> None:
        if answer is None:
            return
        if answer.code == "open":
            navigation.open_case(self, row.case_id)
        elif answer.code == "accept":
            self.perform(shift_handover.accept, row.item_id)
        elif answer.code == "decline":
            self.perform(shift_handover.decline, row.item_id, answer.words)
        else:
            self.perform(shift_handover.take_back, row.item_id)

    def _for_whom(self, row: OfferedRow) -> str:
        """The colleague, or the group."""
        if row.receiver is not None:
            return self.place.person(row.receiver)
        return pick(*row.group) if row.group is not None else ""

    def _beside(self, row: OfferedRow) -> str:
        if self.mine:
            return _("for {person}", person=self._for_whom(row))
        return _("from {person}", person=row.packer)


def _gone(row: OfferedRow) -> str:
    """The word with which a case dropped out."""
    return {"closed": _("closed meanwhile"), "taken": _("taken meanwhile")}.get(row.gone, "")


def _question(row: OfferedRow, beside: str, own: bool, now: datetime) -> Question:
    said = [row.words] if row.words else []
    said += [
        _("Promised: {words}, by {at}", words=words, at=moment(at, now, language()))
        for words, at in row.promises
    ]
    for waits, until in row.stopped:
        who = whom(waits) if waits else ""
        at = moment(until, now, language()) if until is not None else _("open")
        said.append(_("Clock stopped: {whom}, until {at}", whom=who, at=at))
    gone = _gone(row)
    if own:
        choices = numbered(
            ("back", _("Take it back")),
            ("open", _("Look at the case")),
            refused={"back": gone} if gone else {},
        )
    else:
        choices = numbered(
            ("accept", _("Accept: the case is mine")),
            ("decline", _("Decline: to the queue of the group")),
            ("open", _("Look at the case")),
            refused=dict.fromkeys(("accept", "decline"), gone) if gone else {},
        )
    return Question(
        title=f"{short_no(row.case_no)} {label(row.kind)} {row.customer}",
        choices=choices,
        wants_words=frozenset({"decline"}),
        words_label=_("Why, in a few words"),
        note=beside,
        says="\n".join(said),
    )


def _packer(row: OfferedRow) -> str:
    return row.packer


def _hits(rows: Sequence[OfferedRow], now: datetime, who: Callable[[OfferedRow], str]) -> list[Hit]:
    found = []
    for row in rows:
        matter = row.row.summary if row.row is not None else ""
        columns = (matter, label(row.kind), row.customer, short_no(row.case_no), who(row))
        chip = row_chip(row.row, now, whom) if row.row is not None and row.gone != "closed" else None
        owed = _("promised {count}", count=len(row.promises)) if row.promises else ""
        found.append(Hit("item", str(row.item_id), columns, owed, chip, _gone(row)))
    return found
