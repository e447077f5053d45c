"""What was asked and answered of the day's cases, so that each tells how it came to where it is (D1.2).

The acts of a case are made by `courses` and `edges`; here the answers are put between them: in the call it
was opened from, after somebody took it, and with the act that its state comes from.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from bdesk.models.kinds import CaseKind, CaseOutcome, CaseState, FreightPayer
from bdesk.rules.verification import SIGNED_IN
from bdesk.training import stages
from bdesk.training.ledger import Said, Work
from bdesk.training.walks.goods import Goods
from bdesk.training.walks.known import CHECKED, Beat, Known, Phase
from bdesk.training.walks.routes import ROUTES, general
from bdesk.training.walks.told import Earlier, Teller

if TYPE_CHECKING:
    from bdesk.training.cases import Maker

_AT_THE_DESK = timedelta(minutes=9)
"""What somebody who took a case needed until it stood where it stands."""
_RESPONSE = "after_sale_response"
_LETTERS = {"N16": "售后编号通知", "N8": "申诉受理通知", "N11": "受理通知"}
_BY_ORDER = (("by_what", "wallet"),)
_BY_TX = (("by_what", "order"), ("wallet/gate", "order"), ("wallet/gate", "find"))
_NO_TX = (("by_what", "order"), ("wallet/gate", "known"), ("wallet/gate", "find"))


def tell(maker: "Maker", works: Sequence[Work]) -> None:
    """Put the answers into cases that no operation works."""
    first: dict[int, int] = {}
    for work in sorted(works, key=lambda one: int(one.row["id"])):
        row = work.row
        order = row["order_id"] if row["open"] and row["kind"] in ROUTES else None
        twin = order is not None and first.setdefault(order, row["id"]) != row["id"]
        if row["id"] not in maker.world.walked:
            Story(maker, work, twin=twin).tell()


class Story:
    """One case: what is on record of it, and what was answered in between."""

    def __init__(self, maker: "Maker", work: Work, *, twin: bool) -> None:
        self.maker = maker
        self.twin = twin
        self.goods: Goods
        self.past: Earlier
        self.work = work
        said = work.said
        back = next((place for place, one in enumerate(said) if one.kind == "case.reopened"), len(said))
        self.said = said[:back]
        self.call = self._first("contact.inbound") if said[0].actor != "system" else None
        self.hung_up = self._first("contact.ended") if self.call else None
        self.claim = next(
            (
                one
                for one in reversed(self.said)
                if one.kind == "case.claimed" and one.payload["why"] != "call"
            ),
            None,
        )
        self.closed = self._first("case.closed")
        self.act, self.meaning = self._act()

    def _first(self, kind: str) -> Said | None:
        return next((one for one in self.said if one.kind == kind), None)

    def _act(self) -> tuple[Said | None, str]:
        """What the state of the case comes from."""
        for kind, meaning in (
            ("decision.made", "decision"),
            ("approval.requested", "approval"),
            ("task.opened", "task"),
            ("delay.recorded", "cause"),
        ):
            found = self._first(kind)
            if found is not None:
                return found, meaning
        stopped = self._first("clock.paused")
        if stopped is not None:
            return stopped, "material" if stopped.payload["who"] == "customer" else "transit"
        moved = next(
            (one for one in self.said if one.kind == "case.state" and one.payload["to"] == "in_transit"), None
        )
        return (moved, "transit") if moved is not None else (self.closed, "")

    @property
    def known(self) -> Known:
        row, act = self.work.row, self.act
        decided = None
        if act is not None and self.meaning == "decision":
            decided = (str(act.payload["step"]), str(act.payload["option"]))
        asked = ""
        if act is not None and self.meaning == "task":
            asked = str(act.payload["to"])
        closed = self.closed
        return Known(
            kind=row["kind"],
            state=CaseState(str(closed.payload["state"])) if closed is not None else row["state"],
            outcome=CaseOutcome(str(closed.payload["outcome"])) if closed is not None else None,
            deal=self.work.deal,
            world=self.maker.world,
            reason=row["reason"],
            desired=row["desired"],
            spoken=self.call is not None,
            named=row["filed"] and row["channel"] in SIGNED_IN,
            act=self.meaning,
            decided=decided,
            asked=asked,
            number=row["after_sale_no"] or "",
            twin=self.twin,
        )

    @property
    def never(self) -> frozenset[tuple[str, str]]:
        row = self.work.row
        if row["kind"] is not CaseKind.WALLET_REFUND:
            return frozenset(_BY_ORDER)
        return frozenset(_BY_TX if row["wallet_tx_id"] is not None else _NO_TX)

    def tell(self) -> None:
        row = self.work.row
        route = ROUTES.get(row["kind"], general)
        beats = list(route(self.known))
        self.past = Earlier(self.work)
        teller = Teller(self.past, self.maker.pins[row["kind"]].made, self.never)
        if self.closed is not None and self.closed.payload["state"] == CaseState.RESOLVED.value:
            beats = [beat for beat in beats if beat.phase is not Phase.END]
        self.goods = Goods(self.past, self.maker.letters["N15"], moves=False)
        untaken = self.claim is None and self.hung_up is not None and row["id"] % 2 == 0
        if untaken:
            beats = beats[:1]
        for phase, group in groupby(beats, key=self._when):
            if not self._say(teller, phase, list(group)):
                return

    def _when(self, beat: Beat) -> Phase:
        """What is asked in a call is asked at the desk of who wrote."""
        return Phase.DESK if beat.phase is Phase.CALL and self.call is None else beat.phase

    def _say(self, teller: Teller, phase: Phase, beats: list[Beat]) -> bool:
        span = self._span(phase)
        if span is None:
            return False
        first, last, actor, cause = span
        for place, beat in enumerate(beats, start=1):
            at = first + (last - first) * place / (len(beats) + 1)
            self.past.then(at.replace(microsecond=0) if cause is None else at, actor, cause)
            self._beat(teller, beat)
        return True

    def _span(self, phase: Phase) -> tuple[datetime, datetime, str, Said | None] | None:
        """Between which instants a phase lies, who acted, and the act that it belongs to."""
        if phase is Phase.CALL:
            if self.call is None or self.hung_up is None:
                return None
            return self.call.recorded_at, self.hung_up.recorded_at, self.call.actor, None
        if phase is Phase.DESK:
            if self.claim is None:
                return None
            first, last = self.claim.recorded_at, self.maker.world.now
            last = self.act.recorded_at if self.act is not None else min(last, first + _AT_THE_DESK)
            return first, last, self.claim.actor, None
        act = self.act if phase is Phase.ACT else self.closed
        return None if act is None else (act.recorded_at, act.recorded_at, act.actor, act)

    def _beat(self, teller: Teller, beat: Beat) -> None:
        if beat.option == CHECKED:
            teller.verified(beat.step)
            return
        if beat.step:
            teller.say(beat.step, beat.option, beat.captures)
        if beat.goods:
            self._goods(*beat.goods)
        if beat.letter is not None:
            code, words = beat.letter
            stages.letter(self.past, code, self.maker.letters[code], _LETTERS[code], words)
            if code == "N16" and self.closed is None and _RESPONSE in self.maker.left_clocks(self.work):
                self.past.add("clock.fulfilled", {"clock": _RESPONSE})

    def _goods(self, what: str, *of: str) -> None:
        goods = self.goods
        if what == "agreed":
            kind, freight = of
            goods.agreed(kind, FreightPayer.SHOP if freight == "free" else FreightPayer.CUSTOMER)
        elif what == "out_again":
            goods.out_again(*of)
        else:
            {
                "sent": goods.sent,
                "received": goods.received,
                "inspected": goods.inspected,
                "reshipped": goods.reshipped,
                "finished": goods.finished,
                "traced": goods.traced,
            }[what]()
