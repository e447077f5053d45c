"""What a release rests on, whatever walk led to it (P6, WU4 to WU6): questions answered, papers opened.

A procedure is content, and somebody may bring their own. So the effects ask here and not the steps: what was
not asked does not count as "nothing found".
"""

from typing import Final

from bdesk.models.views.snapshot import Snapshot
from bdesk.rules import unfreeze
from bdesk.rules.documents import KINDS, accepted
from bdesk.rules.evidence import counting

ASKED: Final = ("coached", "device", "place", "story", "payees")
"""What a person notes of every freeze: what the caller says, and how it compares with the records (WU4)."""

DONE, QUESTIONS, PAPERS = "done", "questions", "papers"


def unasked(snapshot: Snapshot) -> tuple[str, ...]:
    """What nobody has noted in this cycle since the wallet was frozen."""
    freeze = unfreeze.holding(snapshot)
    if freeze is None:
        return ()
    cycle = snapshot.case.cycle
    noted = {
        field
        for one in snapshot.answers
        if one.cycle == cycle and one.at >= freeze.frozen_at
        for field in one.captures
    }
    return tuple(field for field in ASKED if field not in noted)


def unseen(snapshot: Snapshot) -> tuple[int, ...]:
    """The pieces that would show what the freeze asks for, and that nobody has opened and found clear; those
    of who somebody is are opened by whoever passes them (V3+)."""
    pieces, passed = counting(snapshot), accepted(snapshot) is not None
    found: set[int] = set()
    for kinds in unfreeze.needed(snapshot).values():
        mine = [one for one in pieces if one.kind in kinds]
        if not any(one.clear or (passed and one.kind in KINDS) for one in mine):
            found |= {one.number for one in mine}
    return tuple(sorted(found))


def state(snapshot: Snapshot) -> str:
    """`questions` while one has no answer, `papers` while one was not looked at, else `done`."""
    if unasked(snapshot):
        return QUESTIONS
    return PAPERS if unseen(snapshot) else DONE


def carries(snapshot: Snapshot, extent: str) -> bool:
    """Whether a release to this extent has what it rests on; a full one wants all the papers. A refusal rests
    on nothing: it keeps the money where it is."""
    if extent == "refuse":
        return True
    complete = extent != "full" or not unfreeze.papers_missing(snapshot)
    return complete and state(snapshot) == DONE
