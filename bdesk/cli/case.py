"""`bdesk case`: where a case stands, in one page. Personal data come masked, factors as ****.

`bdesk case NO` is short for `bdesk case show NO`; what supervisors do is in `bdesk.cli.case_deeds`.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from bdesk.cli import case_deeds
from bdesk.cli.find import shown_at
from bdesk.cli.output import examples, new_app, write_json, write_line, write_table
from bdesk.cli.session import As, acting
from bdesk.i18n import _

if TYPE_CHECKING:
    from bdesk.models.views.snapshot import EvidenceView
    from bdesk.operations.looking.case import CasePage, DueLine, TimelineLine
    from bdesk.rules.clock.reading import Reading
    from bdesk.rules.walk.views import CheckView, OptionView

SHOW = "show"


class Shortened(TyperGroup):
    """Whatever is no verb is the number of a case to show."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = [SHOW, *args]
        return super().parse_args(ctx, args)


app = new_app(cls=Shortened)

SHOWN = 15
"""Lines of the timeline that people are shown."""


@app.command(
    help=_("Show a case: customer, order, clocks, the step it stands at, notes and timeline. Masked."),
    epilog=examples("bdesk case KF2026111800001 --as 1001", "bdesk case KF2026111800001 --json --as 1001"),
)
def show(
    number: Annotated[str, typer.Argument(metavar="NO", help=_("The case number or after-sales number."))],
    as_: As = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON document."))] = False,
) -> None:
    from bdesk.operations.looking import case

    with acting(as_) as ctx:
        page = case.case_page(ctx, case.case_id(ctx, number))
    if as_json:
        write_json(document(page))
    else:
        _write(page)


def document(page: "CasePage") -> dict[str, object]:
    """What `--json` prints. Facts that are verification factors stand as ****."""
    snapshot = page.standing.snapshot
    case = snapshot.case
    return {
        "case_no": case.case_no,
        "after_sale_no": case.after_sale_no,
        "kind": case.kind,
        "channel": case.channel,
        "state": case.state,
        "priority": case.priority,
        "cycle": case.cycle,
        "version": case.version,
        "subject": case.subject,
        "desired": case.desired,
        "reason": case.reason,
        "received_at": case.received_at,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "outcome": case.outcome,
        "owner": case.owner,
        "group": case.group_code,
        "flags": case.flags,
        "aside": case.aside,
        "verified_level": case.verified_level,
        "customer": _customer(page),
        "order": _order(page),
        "clocks": [_clock(one) for one in page.due_lines],
        "step": _step(page),
        "evidence": [_evidence(one, page) for one in snapshot.evidence],
        "notes": [{"by": one.by, "at": one.at, "text": one.body, "erased": one.erased} for one in page.notes],
        "timeline": [
            {name: getattr(one, name) for name in ("at", "by", "standing_in", "kind", "voided")}
            for one in page.timeline
        ],
        "more": page.more,
    }


def _evidence(one: "EvidenceView", page: "CasePage") -> dict[str, object]:
    return {
        "number": one.number,
        "kind": one.kind,
        "received_at": one.received_at,
        "looked_at": one.looked_at,
        "looked_by": one.looked_by,
        "looked_at_by_me": one.id in page.looked,
        "clear": one.clear,
    }


def _customer(page: "CasePage") -> dict[str, object] | None:
    from bdesk.models.kinds import Factor
    from bdesk.rules.masking import HIDDEN, mask_email, mask_name, mask_phone

    found = page.standing.snapshot.customer
    if found is None:
        return None
    phone = mask_phone(found.phone or "")
    return {
        "name": mask_name(found.name),
        "phone": HIDDEN if phone and Factor.PHONE_TAIL in page.hidden_factors else phone,
        "email": mask_email(found.email or ""),
        "vip": found.vip,
        "language": found.language,
    }


def _order(page: "CasePage") -> dict[str, object] | None:
    from bdesk.models.kinds import Factor
    from bdesk.rules.facts.order import status_of
    from bdesk.rules.masking import HIDDEN

    order = page.standing.snapshot.order
    if order is None:
        return None
    hidden = page.hidden_factors
    return {
        "order_no": HIDDEN if Factor.ORDER_NO in hidden else order.order_no,
        "status": status_of(page.standing.snapshot),
        "placed_at": None if Factor.PURCHASE_DATE in hidden else order.placed_at,
        "total_fen": None if Factor.RECENT_AMOUNT in hidden else order.total_fen,
        "items": [
            {"name": one.name, "quantity": one.quantity, "chosen": one.chosen}
            for one in page.standing.snapshot.items
        ],
        "as_of": order.as_of,
    }


def _clock(one: "DueLine") -> dict[str, object]:
    reading = one.reading
    return {
        "clock": reading.kind,
        "cycle": reading.cycle,
        "run": reading.run,
        "outcome": reading.outcome,
        "drives": reading.drives,
        "start_at": reading.start_at,
        "due_at": reading.due_at,
        "stopped_at": reading.stopped_at,
        "breached_at": reading.breached_at,
        "waits_for": reading.paused.reason.waits_for if reading.paused is not None else None,
        "provisional": reading.provisional,
        "leading": one.leading,
    }


def _step(page: "CasePage") -> dict[str, object] | None:
    from bdesk.i18n import language

    lang, current = language(), page.standing.walk.current
    if current is None:
        return None
    return {
        "id": current.step.id,
        "title": current.title.get(lang),
        "round": current.round,
        "checks": [
            {"fact": one.fact, "value": _value(one, page), "rule": one.rule.get(lang), "met": one.truth}
            for one in current.checks
        ],
        "options": [
            {
                "number": one.number,
                "option": one.code,
                "label": one.label.get(lang),
                "offer": one.offer,
                "why": one.why.get(lang) if one.why is not None else None,
            }
            for one in current.options
        ],
    }


def _value(check: "CheckView", page: "CasePage") -> str:
    from bdesk.i18n import language
    from bdesk.rules.masking import HIDDEN

    return HIDDEN if check.fact in page.hidden else check.value.get(language())


def _write(page: "CasePage") -> None:
    from bdesk.models.labels import label

    case = page.standing.snapshot.case
    owner = case.owner or _("nobody")
    write_line(f"{case.case_no}  {label(case.kind)}  {label(case.state)}  {case.subject}")
    write_line(
        _(
            "{channel}, received {at}, with {owner}",
            channel=label(case.channel),
            at=shown_at(case.received_at),
            owner=owner,
        )
    )
    _write_people(page)
    _write_clocks(page)
    _write_step(page)
    _write_texts(page)


def _write_people(page: "CasePage") -> None:
    from bdesk.models.labels import label
    from bdesk.rules.facts.order import status_of
    from bdesk.text import yuan

    customer, order = _customer(page), _order(page)
    if customer is not None:
        write_line(f"{_('Customer')}  {customer['name']}  {customer['phone']}  {customer['email']}".rstrip())
    found = page.standing.snapshot.order
    if order is not None and found is not None:
        total = order["total_fen"]
        amount = yuan(total) if isinstance(total, int) else "****"
        status = status_of(page.standing.snapshot) or found.status
        write_line(f"{_('Order')}  {order['order_no']}  {label(status)}  {amount}")


def _write_clocks(page: "CasePage") -> None:
    from bdesk.i18n import language
    from bdesk.rules.clock.display import moment, text_of

    lang, now = language(), page.standing.snapshot.now
    rows = [
        (
            one.kind.name.in_(lang),
            clock_state(one.reading, now),
            text_of(one.reading, now, lang) if one.reading.live else "",
            moment(one.reading.due_at, now, lang, end=True),
            clock_outcome(one.reading),
        )
        for one in page.due_lines
    ]
    if rows:
        write_line("")
        write_table((_("Clocks"), _("State"), _("Time left"), _("Due at"), _("Outcome")), rows)


def clock_state(reading: "Reading", now: datetime) -> str:
    """How a clock stands, in a word. A fact clock presses nobody, and is past where one of the desk would be
    overdue (SLA.md, Whose clock)."""
    from bdesk.models.clock_kinds import Drives, SlaState
    from bdesk.models.labels import label

    if not reading.live:
        return label(reading.run)
    if reading.drives is Drives.FACT and reading.paused is None:
        return _("PAST") if now > reading.due_at else label(SlaState.FINE)
    return " ".join(label(state) for state in reading.states(now))


def clock_outcome(reading: "Reading") -> str:
    """Open, met or overdue; nothing of a fact clock that is past, for nobody here is late."""
    from bdesk.models.clock_kinds import Drives, Outcome
    from bdesk.models.labels import label

    late = reading.outcome is Outcome.BREACHED
    return "" if late and reading.drives is Drives.FACT else label(reading.outcome)


def _write_step(page: "CasePage") -> None:
    from bdesk.i18n import language

    lang, walk = language(), page.standing.walk
    write_line("")
    if walk.current is None:
        write_line(_("The procedure is at its end."))
        return
    current = walk.current
    write_line(f"{_('Step')}  {current.title.get(lang)}")
    if current.checks:
        marks = {True: "✓", False: "x", None: "?"}
        rows = [
            (marks.get(one.truth, "?"), one.label.get(lang), _value(one, page), one.rule.get(lang))
            for one in current.checks
        ]
        write_table(("", _("Fact"), _("Value"), _("Rule")), rows)
    for option in current.options:
        write_line(_option(option, lang))


def _option(option: "OptionView", lang: str) -> str:
    why = f"  ({option.why.get(lang)})" if option.why is not None else ""
    return f"  {option.number} {option.label.get(lang)}{why}"


def _write_texts(page: "CasePage") -> None:
    from bdesk.speech import speak

    if page.notes:
        write_line("")
        rows = [
            (shown_at(one.at), one.by, _("erased") if one.erased else one.body) for one in page.notes[:SHOWN]
        ]
        write_table((_("Note"), _("By"), _("Text")), rows)
    write_line("")
    lines = [
        (shown_at(one.at), _who(one), speak(one.code, one.params, page.words) + _voided(one.voided))
        for one in page.timeline[:SHOWN]
    ]
    write_table((_("Timeline"), _("By"), _("What")), lines)


def _who(one: "TimelineLine") -> str:
    from bdesk.models.labels import label

    if one.standing_in is None:
        return one.by
    return _("{person}, as {role}", person=one.by, role=label(one.standing_in))


def _voided(taken_back: bool) -> str:
    return f" ({_('taken back')})" if taken_back else ""


# After `show`, so that it comes first in the help.
app.registered_commands += case_deeds.app.registered_commands
