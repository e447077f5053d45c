"""From a page of the case to what the panes show. Pure: values in, values out.

Until verification has passed, what could serve as a factor is shown as **** (UX, Words).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bdesk.clock import LOCAL
from bdesk.i18n import _, language, pick
from bdesk.models.clock_kinds import RunState, SlaState
from bdesk.models.kinds import OPEN_STATES, CaseKind, CaseState, Factor, OrderStatus, RefundState
from bdesk.models.labels import label, label_of
from bdesk.models.views.snapshot import ClockView, Snapshot
from bdesk.operations.walking import Standing
from bdesk.rules import masking
from bdesk.rules.cases import REOPEN_DAYS, mask_factors, may_move, reopening
from bdesk.rules.clock import ClockKind
from bdesk.rules.facts.order import contradictions_of, status_of
from bdesk.rules.limits import MONEY_EFFECTS
from bdesk.rules.urgency import stands, states_at
from bdesk.rules.walk.values import Text
from bdesk.rules.walk.views import Offer, OptionView, StageState, StepView, Walk
from bdesk.screens.moments import day, day_only, due_short, running
from bdesk.screens.place import OpenCase, Place
from bdesk.screens.queue.words import whom
from bdesk.screens.reopening import REOPEN
from bdesk.text import yuan
from bdesk.widgets.chip import Chip, fact_chip, make_chip, row_chip, state_word
from bdesk.widgets.choices import Choice
from bdesk.widgets.facts import Check
from bdesk.widgets.lines import Piece
from bdesk.widgets.panel import ClockBar, Field, Gap, Heading, Row, Words
from bdesk.widgets.stepper import Step, StepperValues
from bdesk.widgets.tabs import CaseTab

HIDDEN = masking.HIDDEN


def said(text: Text | None) -> str:
    """A text of the book in the language in use."""
    return "" if text is None else text.get(language())


def customer_rows(snap: Snapshot) -> list[Row]:
    """Who it is, as far as it may be shown."""
    customer = snap.customer
    rows: list[Row] = [Heading(_("Customer"), "F4")]
    if customer is None:
        return [*rows, Words(((_("No customer yet: find the order with F3"), "soft"),))]
    hidden = mask_factors(snap)
    verified = not hidden
    rows.append(
        Field(_("Name"), masking.mask_name(customer.name), "strong", "VIP" if customer.vip else "", "vip")
    )
    if customer.phone:
        phone = HIDDEN if Factor.PHONE_TAIL in hidden else masking.mask_phone(customer.phone)
        note = _("verified") if verified else _("not verified")
        rows.append(Field(_("Phone"), phone, "text", note, "good" if verified else "warn"))
    if customer.email:
        rows.append(Field(_("E-mail"), masking.mask_email(customer.email)))
    if snap.history.contacts_30d:
        times = _("{count} in 30 days", count=snap.history.contacts_30d)
        rows.append(Field(_("Contacts"), times, "warn" if snap.history.contacts_48h >= 3 else "text"))
    others = [one for one in snap.same_customer if one.state.value not in ("closed", "merged", "withdrawn")]
    if others:
        rows.append(Field(_("Others"), _("{count} more open", count=len(others)), "warn"))
    return rows


def order_rows(snap: Snapshot) -> list[Row]:
    """The order, its money and its parcel; how old the data are."""
    order = snap.order
    if order is None:
        return []
    hidden = mask_factors(snap)
    number = HIDDEN if Factor.ORDER_NO in hidden else order.order_no
    rows: list[Row] = [Gap(), Heading(_("Order"), number)]
    rows += [
        Field(_("Goods"), f"{item.name} X{item.quantity}" if item.quantity > 1 else item.name)
        for item in snap.items
        if item.chosen
    ][:3]
    rows += _money_rows(snap, Factor.RECENT_AMOUNT in hidden)
    status = status_of(snap) or order.status
    rows.append(Field(_("Status"), label(status), "good" if status is OrderStatus.SIGNED else "text"))
    rows += [Field(_("Doubtful"), label(one), "warn") for one in contradictions_of(snap)]
    rows.append(Field(_("Placed"), HIDDEN if Factor.PURCHASE_DATE in hidden else day(order.placed_at)))
    for parcel in snap.parcels[:2]:
        if parcel.signed_at is not None:
            days = (snap.now.astimezone(LOCAL).date() - parcel.signed_at.astimezone(LOCAL).date()).days
            ago = _("{days} day", days=days) if days == 1 else _("{days} days", days=days)
            rows.append(Field(_("Signed"), day(parcel.signed_at), "text", ago))
        else:
            rows.append(Field(_("Parcel"), label(parcel.state), "text", parcel.carrier))
    if order.as_of is not None:
        rows.append(Field(_("As of"), day(order.as_of), "dim"))
    return rows


def _money_rows(snap: Snapshot, hidden: bool) -> list[Row]:
    paid = [one for one in snap.payments if one.state.value == "success"]
    if not paid:
        return [Field(_("Paid"), _("not paid"), "warn")]
    rows: list[Row] = []
    for payment in paid[:2]:
        amount = HIDDEN if hidden else yuan(payment.amount_fen)
        rows.append(Field(_("Paid"), amount, "vip", label(payment.method)))
    back = sum(payment.refunded_fen + payment.held_fen for payment in paid)
    if back:
        rows.append(Field(_("Refunded"), HIDDEN if hidden else yuan(back), "warn", refund_note(snap)))
    return rows


def refund_note(snap: Snapshot) -> str:
    """The state of the newest refund in a word."""
    live = [one for one in snap.refunds if one.state is not RefundState.RECALLED]
    return label(live[-1].state) if live else ""


def chip_of(clock: ClockView, now: datetime) -> Chip:
    """The chip of one clock."""
    stopped = stands(clock.run is RunState.PAUSED, clock.resume_at, now)
    if clock.drives != "desk" and not stopped:
        return fact_chip(now, clock.due_at, provisional=clock.provisional)
    return make_chip(
        now,
        clock.due_at,
        clock.warn_due_at,
        clock.warn_now_at,
        stopped=stopped,
        whom=whom(clock.waiting_for or ""),
        provisional=clock.provisional,
    )


def clock_rows(snap: Snapshot, now: datetime, kinds: Mapping[str, ClockKind]) -> list[Row]:
    """The running clocks, the desk's first, each with its name and due time."""
    live = [one for one in snap.clocks if one.run in (RunState.RUNNING, RunState.PAUSED)]
    live.sort(key=lambda one: (one.drives != "desk", one.due_at is None, one.due_at))
    rows: list[Row] = [Gap(), Heading(_("Due"), _(". tells why"))] if live else []
    for clock in live[:4]:
        kind = kinds.get(clock.kind)
        name = clock.kind if kind is None else pick(kind.short.zh, kind.short.en)
        due = due_short(clock.due_at) if clock.due_at is not None else ""
        both = clock.drives == "desk" and len(_states(clock, now)) > 1
        words = f"{state_word('over')} {name}" if both else name
        rows.append(ClockBar(chip_of(clock, now), words, _share(clock, now), due))
    return rows


def _states(clock: ClockView, now: datetime) -> tuple[SlaState, ...]:
    stopped = stands(clock.run is RunState.PAUSED, clock.resume_at, now)
    return states_at(now, clock.due_at, clock.warn_due_at, clock.warn_now_at, stopped=stopped)


def _share(clock: ClockView, now: datetime) -> float:
    if clock.due_at is None or clock.due_at <= clock.start_at:
        return 0.0
    return (now - clock.start_at).total_seconds() / (clock.due_at - clock.start_at).total_seconds()


def limit_rows(stand: Standing) -> list[Row]:
    """What the signed-in person may decide alone, and what speaks against it."""
    rows: list[Row] = [Gap(), Heading(_("Limits"))]
    limit = stand.facts.get("limits.refund_fen")
    if isinstance(limit, int):
        upto = _("up to {amount}", amount=yuan(limit)) if limit else _("none")
        rows.append(Field(_("Refund"), upto, "text" if limit else "dim"))
    flags = stand.facts.get("risk.flags")
    if isinstance(flags, tuple) and flags:
        spec = stand.procedure.facts.get("risk.flags")
        words = [said(spec.values[flag]) if spec and flag in spec.values else str(flag) for flag in flags]
        rows.append(Field(_("Flags"), ", ".join(words), "warn"))
    return rows


def fact_rows(
    stand: Standing, now: datetime, kinds: Mapping[str, ClockKind], matter: Sequence[Row] = ()
) -> list[Row]:
    """The left pane: customer, order, clocks, limits. What the case is about, when that is no order, stands
    before its order: at the end the last of it would be out of sight."""
    snap = stand.snapshot
    clocks = clock_rows(snap, now, kinds)
    if matter:
        return [*customer_rows(snap), *matter, *clocks, *order_rows(snap), *limit_rows(stand)]
    return [*customer_rows(snap), *order_rows(snap), *clocks, *limit_rows(stand)]


def tabs(place: Place) -> list[CaseTab]:
    """The open cases; a pencil on those where a strip waits."""
    now = place.now()
    mine = {row.case_id: row for row in place.mine}
    # One that came back after a restart has not been read yet; its row in the queue has.
    known = [
        OpenCase(row.case_id, row.case_no, row.customer, row.kind, row)
        if not one.case_no and (row := mine.get(one.case_id)) is not None
        else one
        for one in place.open_cases
    ]
    return [
        CaseTab(
            one.case_id,
            one.customer or one.case_no,
            label_of(CaseKind, one.kind) if one.kind else "",
            row_chip(one.row, now, whom) if one.row is not None else None,
            one.case_id in place.strips and one.case_id != place.current,
        )
        for one in known
    ]


def short_lines(snap: Snapshot) -> list[tuple[str, str]]:
    """The customer and the order on one line, for 80 columns."""
    hidden = mask_factors(snap)
    pieces: list[tuple[str, str]] = []
    if snap.customer is not None:
        pieces.append((f" {masking.mask_name(snap.customer.name)}", "strong"))
        if snap.customer.phone:
            phone = HIDDEN if Factor.PHONE_TAIL in hidden else masking.mask_phone(snap.customer.phone)
            pieces.append((f" {phone}", "text"))
            if snap.order is None and not hidden:
                pieces.append((f" {_('verified')}", "good"))
    if snap.order is not None:
        tail = HIDDEN if Factor.ORDER_NO in hidden else f"..{snap.order.order_no[-4:]}"
        goods = next((item.name for item in snap.items if item.chosen), "")
        pieces.append((f"  {tail}", "strong"))
        pieces.append((f" {goods}", "text"))
        paid = sum(one.amount_fen for one in snap.payments if one.state.value == "success")
        if paid:
            pieces.append((f" {HIDDEN if Factor.RECENT_AMOUNT in hidden else yuan(paid)}", "text"))
        pieces.append((f" {label(status_of(snap) or snap.order.status)}", "good"))
        if contradictions_of(snap):
            pieces.append((f"  {_('data contradict')}", "warn"))
    return pieces


def stepper_values(walk: Walk, title: Text, spent: int) -> StepperValues:
    """The stages of the procedure and the time at this step."""
    names = {StageState.DONE: "done", StageState.NOW: "now", StageState.LATER: "later"}
    steps = tuple(Step(said(stage.title), names[stage.state]) for stage in walk.stages)
    usual = walk.current.usual_seconds if walk.current is not None else None
    return StepperValues(
        said(title),
        steps,
        spent=running(spent) if walk.current is not None else "",
        usual=running(usual) if usual else "",
        slow=bool(usual and spent > 2 * usual),
    )


def later_steps(walk: Walk) -> list[Step]:
    """What lies ahead, dim."""
    return [Step(said(one.title), "later") for one in walk.later[:4]]


def checks(current: StepView) -> list[Check]:
    """Fact, value and rule of each check of the step."""
    return [
        Check(f"{said(check.label)} {said(check.value)}", said(check.rule), check.truth, check.plain)
        for check in current.checks
    ]


def choices(current: StepView) -> list[Choice]:
    """The numbered answers; a refused one stays in its place with its reason (UX 7)."""
    return [
        Choice(option.code, said(option.label), note=_note(option, current), reason=_reason(option))
        for option in current.options
    ]


def _reason(option: OptionView) -> str:
    if option.offer is Offer.OFFERED:
        return ""
    if option.why is not None:
        return said(option.why)
    return _("cannot be told yet") if option.offer is Offer.UNKNOWN else _("not possible now")


def _note(option: OptionView, current: StepView) -> str:
    if option.kept:
        return _("chosen before")
    found = current.step.option(option.code)
    limited = found is not None and any(use.effect in MONEY_EFFECTS for use in found.effects)
    if option.primary and limited:
        return _("within your limit")
    return ""


def natural(current: StepView) -> str | None:
    """The code of the answer that Enter takes: the one the facts speak for, else the step's usual one."""
    return next((option.code for option in current.options if option.primary), None)


def first_fields(current: StepView) -> frozenset[str]:
    """The fields that show at once: what the natural answer needs, or what the step cannot do without."""
    primary = next((option for option in current.options if option.primary), None)
    if primary is not None:
        return frozenset(primary.needs)
    return frozenset(view.capture.name for view in current.captures if view.capture.required)


def is_done(snap: Snapshot) -> bool:
    """Whether the case is closed, whatever its procedure would still ask."""
    return snap.case.state not in OPEN_STATES


def unseen(above: Sequence[str], below: Sequence[str]) -> list[tuple[list[Piece], list[Piece]]]:
    """One line for the answers that are out of sight, with the keys that bring them; none if all are seen."""
    pieces: list[Piece] = []
    for mark, key, digits in (("▴", "PgUp", above), ("▾", "PgDn", below)):
        if digits:
            more = _("more: {digits}", digits=" ".join(digits))
            pieces += [(f"  {mark} {key} ", "key"), (f"{more}   ", "warn")]
    return [(pieces, [])] if pieces else []


def come_back(snap: Snapshot) -> tuple[Choice, ...]:
    """What a case that is done still offers: to be reopened, or followed by a new one (SLA.md, reopen)."""
    if not may_move(snap.case.state, CaseState.REOPENED):
        return ()
    closed = snap.case.closed_at
    if closed is not None and not reopening(closed, snap.now):
        note = _("closed {day}", day=day_only(closed))
        return (Choice(REOPEN, _("The customer came back: new case"), note),)
    last = closed.astimezone(LOCAL) + timedelta(REOPEN_DAYS) if closed is not None else None
    note = _("until {day}", day=day_only(last)) if last is not None else ""
    return (Choice(REOPEN, _("The customer came back: reopen"), note),)


def end_words(walk: Walk, state: CaseState) -> str:
    """What stands in the place of a step when there is none: the walk is over, or waits."""
    if walk.finished is not None or state not in OPEN_STATES:
        if walk.finished is not None and walk.finished.group and state in OPEN_STATES:
            return _("Handed over; the clocks run on there.")
        said_so = _("This case is done: {state}.", state=label(state))
        return f"{said_so} {_('F9 takes the next one, Esc goes back to the queue.')}"
    return ""


def moved_words(walk: Walk) -> str:
    """An earlier answer that no longer stands, or one that asks to be confirmed."""
    if walk.moved is not None:
        return _("Facts have changed since this step was answered; please answer it again.")
    if walk.current is not None and walk.current.to_confirm:
        return _("Answered before; something before it has changed. Confirm or choose again.")
    return ""
