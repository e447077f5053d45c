"""One note to many cases, such as an outage of the warehouse (P15): said once, kept on each."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bdesk.errors import BadInput, DeskError
from bdesk.models.views.changed import Changed
from bdesk.operations.change import NOT_ASIDE, Act, must_be_open
from bdesk.operations.context import Context
from bdesk.operations.notes import check_text
from bdesk.operations.roles import must_may

MOST = 200
"""Cases that one note goes to at most: each is a transaction of its own, between which others work."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one case: `refused` is why it has no note, None where it has. `case_no` is "" for a
    case that is not there."""

    case_id: int
    case_no: str
    refused: DeskError | None = None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One answer for each case, in the order in which they were named."""

    told: tuple[Told, ...]
    changed: Changed = field(default_factory=Changed)


def broadcast(ctx: Context, case_ids: Sequence[int], words: str) -> Broadcast:
    """Keep a note on each of these cases, each named once. A case that somebody had put aside comes back to
    their hands, like other news; nobody else's hand, clock or state moves.

    A case that is closed or not there is named and skipped; the others have the note all the same. Raises
    BadInput("broadcast.none", "broadcast.too_many"), NotAllowed("role.cannot_supervise") and as `check_text`,
    all before anything is written.
    """
    must_may(ctx, "supervising.broadcasting.broadcast")
    words = check_text(words)
    wanted = tuple(dict.fromkeys(case_ids))
    if not wanted:
        raise BadInput("broadcast.none")
    if len(wanted) > MOST:
        raise BadInput("broadcast.too_many", count=len(wanted), most=MOST)
    told = tuple(_tell(ctx, case_id, words, len(wanted)) for case_id in wanted)
    done = tuple(one.case_id for one in told if one.refused is None)
    skipped = len(told) - len(done)
    code = "case.broadcast_some" if skipped else "case.broadcast"
    return Broadcast(told, Changed(code=code, params={"count": len(done), "skipped": skipped}, cases=done))


def _tell(ctx: Context, case_id: int, words: str, count: int) -> Told:
    case_no = ""
    with ctx.store.write(ctx.actor.number) as unit:
        try:
            act = Act(unit, unit.case(case_id))
            case_no = act.case.case_no
            must_be_open(act.case)
        except DeskError as refused:
            return Told(case_id, case_no, refused)
        row, digest = unit.text(act.case, "note", words)
        said = {"text": row.id, "digest": digest, "broadcast": count}
        act.add("note.added", said, columns=NOT_ASIDE if act.case.aside else None)
        act.finish(ctx, "note.added")
    return Told(case_id, case_no)
