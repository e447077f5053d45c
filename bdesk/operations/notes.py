"""Notes: kept as erasable texts, never with a card number, an identity number or a code in them."""

from sqlmodel import select

from bdesk.data.journal import events
from bdesk.data.unit import Unit
from bdesk.errors import BadInput, NotAllowed
from bdesk.models.kinds import Stream
from bdesk.models.tables import CaseText, Promise, StepAnswer
from bdesk.models.views.changed import Changed
from bdesk.operations.change import Act
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may
from bdesk.rules import account
from bdesk.rules.scanner import scan
from bdesk.text import clean

LONGEST_NOTE = 2000


def check_text(body: str, *, longest: int = LONGEST_NOTE) -> str:
    """The body, ready to keep. Raises BadInput for an empty or too long one, NotAllowed("text.secret")
    with the kinds found and a masked proposal where the scanner finds what must never be kept (B0.5)."""
    # Scanned as it will be kept: what is invisible between two digits is gone by then.
    body = clean(body, multiline=True).strip()
    if not body:
        raise BadInput("note.empty")
    if len(body) > longest:
        raise BadInput("note.too_long", length=len(body), longest=longest)
    found = scan(body)
    if found.findings:
        kinds = ",".join(sorted({finding.kind for finding in found.findings}))
        raise NotAllowed("text.secret", kinds=kinds, proposal=found.masked)
    return body


def add_note(ctx: Context, case_id: int, body: str) -> Changed:
    """Keep a note on a case; anybody who may see the case may write one."""
    must_may(ctx, "notes.add_note")
    body = check_text(body)
    with ctx.store.write(ctx.actor.number) as unit:
        act = Act(unit, unit.case(case_id))
        row, digest = unit.text(act.case, "note", body)
        act.add("note.added", {"text": row.id, "digest": digest})
        return act.finish(ctx, "note.added")


def erase_text(ctx: Context, text_id: int, reason: str) -> Changed:
    """Erase a text for retention or on a person's right; the journal keeps that it was there.

    Raises NotAllowed unless a supervisor or above does it, BadInput without a reason.
    """
    must_may(ctx, "notes.erase_text")
    if not reason.strip():
        raise BadInput("erase.no_reason")
    with ctx.store.write(ctx.actor.number) as unit:
        text = unit.of_case(CaseText, text_id)
        if text is None or text.erased_at is not None:
            raise NotAllowed("text.gone")
        act = Act(unit, unit.case(text.case_id))
        _erase_answers(unit, text)
        text.body, text.salt, text.erased_at = "", "", unit.now
        _erase_promise(unit, text)
        act.add("personal.erased", {"text": text.id, "reason": check_text(reason, longest=200)})
        return act.finish(ctx, "text.erased", undo=False)


def _erase_answers(unit: Unit, text: CaseText) -> None:
    """A value that was typed to change the account stands in its answer as well; it goes with the text."""
    if text.kind != "account_value":
        return
    rows = unit.session.scalars(select(StepAnswer).where(StepAnswer.case_id == text.case_id))
    for row in rows:
        row.captures = account.without(row.captures, text.body)


def _erase_promise(unit: Unit, text: CaseText) -> None:
    """A promise keeps its words in its row as well; they go with the text."""
    stream = events(unit.session, Stream.CASE, text.case_id)
    told = (one for one in stream if one.kind == "promise.made" and one.payload.get("text") == text.id)
    made = next(told, None)
    row = unit.session.get(Promise, made.payload["promise"]) if made is not None else None
    if row is not None:
        row.words = ""
