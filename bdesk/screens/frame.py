"""What header, footer and strips around a screen say: values, from the place and the screen's words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from textual.geometry import Size

from bdesk import keys
from bdesk.i18n import _
from bdesk.models.kinds import CaseKind, PersonState
from bdesk.models.labels import label, label_of
from bdesk.models.views.snapshot import ActorView
from bdesk.screens.moments import clock_time, running
from bdesk.screens.notices import Notices
from bdesk.screens.phrases import spoken_phrases
from bdesk.screens.place import Place
from bdesk.widgets import strips
from bdesk.widgets.chip import state_word
from bdesk.widgets.footer import FooterKey
from bdesk.widgets.header import HeaderValues

SMALLEST = (80, 24)


def seen_above(place: Place, size: Size) -> bool:
    """Esc has seen what stands under the header, a case turned urgent or an announcement; whether one did."""
    if place.alert is not None:
        place.alert = None
        return True
    notice = _notice(place.notices)
    if notice is None or alert_strip(place, size) != notice:
        return False
    place.notices.seen_first()
    return True


def _notice(notices: Notices) -> strips.StripValues | None:
    """The newest announcement that was not read: one line, which the menu shows whole."""
    unread = notices.unread
    if not unread:
        return None
    label = _("Announcement") if len(unread) == 1 else _("{count} announcements", count=len(unread))
    return strips.notice(label, [(unread[0].words, "text")])


def header(place: Place, title: str, extra: str, state: PersonState, now: datetime) -> HeaderValues:
    """Where I am, who I am, the call and the time."""
    actor = place.desk.actor
    return HeaderValues(
        title=title,
        extra=extra,
        training=place.desk.store.training,
        call=call_time(place, now),
        number=actor.number,
        person=acting_name(actor),
        state=state.value,
        state_label=label(state),
        clock=clock_time(now),
    )


def acting_name(actor: ActorView) -> str:
    """Who it is, and as what while they stand in for a role that is not theirs."""
    if not actor.stands_in:
        return actor.name
    return _("{person}, as {role}", person=actor.name, role=label(actor.role))


def call_time(place: Place, now: datetime) -> str:
    """How long the call at hand lasts ("03:18", "1h12"); empty without one."""
    if place.call is None:
        return ""
    return running(max(0, int((now - place.call.started_at).total_seconds())))


def footer(
    context: keys.Context,
    keymap: Mapping[str, tuple[str, ...]],
    words: Mapping[str, str],
    off: Mapping[str, str],
    hot: str,
) -> list[FooterKey]:
    """The keys F1 to F10 in a context: other `words` than the usual, those that are `off`, the `hot` one."""
    return [
        FooterKey(slot.shown, words.get(slot.id, _(slot.short)), slot.id == hot, off.get(slot.id, ""))
        for slot in keys.footer(context, keymap)
    ]


def recall_strip(place: Place, now: datetime) -> strips.StripValues | None:
    """What Ctrl+Z recalls: everything it takes back together, and how much waits behind it (UX 6)."""
    window = place.window()
    if window is None:
        return None
    together = (window, *place.goes_too(window))
    phrases = [phrase for one in together for phrase in one.phrases]
    left = max(0, int((window.hold_until - now).total_seconds() / place.pace) + 1)
    others = len(place.others(window))
    return strips.recall(spoken_phrases(phrases), left, len(together), others)


def alert_strip(place: Place, size: Size, pending: bool = False) -> strips.StripValues | None:
    """What stands under the header: the store gone, the terminal too small, a ringing call, a case turned
    urgent, an announcement. While a strip is pending Esc is that one's alone, and is offered only there."""
    found = _alert(place, size)
    if found is None or not pending:
        return found
    return replace(found, keys=tuple(pair for pair in found.keys if pair[0] != "Esc"))


def _alert(place: Place, size: Size) -> strips.StripValues | None:
    if place.offline_since is not None:
        at = clock_time(place.offline_since)
        words = _("not reached since {at}; shown as last read. Notes are kept", at=at)
        return strips.offline([(words, "text")])
    columns, rows = size
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        words = _("The terminal has {columns}x{rows}; the desk needs 80x24", columns=columns, rows=rows)
        return strips.alert(_("Too small"), [(words, "text")], "", "")
    if place.ringing is not None and place.call is None:
        does = _("answer; the open case is put aside") if place.current is not None else _("answer")
        return strips.call([(place.ringing.number or _("number withheld"), "strong")], does)
    if place.alert is None:
        return _notice(place.notices)
    row = place.alert.row
    words = f"{row.customer} {label_of(CaseKind, row.kind)} {row.summary}"
    return strips.alert(state_word(place.alert.state), [(words, "text")], "Esc", _("seen"))
