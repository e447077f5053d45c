"""Looking at a piece of evidence, and judging it."""

from bdesk.i18n import _
from bdesk.models.views.changed import Changed
from bdesk.operations import evidence
from bdesk.rules.locators import locator_fault
from bdesk.screens.case.evidence import EvidenceRow
from bdesk.screens.case.host import CaseHost
from bdesk.speech import speak
from bdesk.widgets.cells import crop, shown

LONGEST_ADDRESS = 40


def open_evidence(host: CaseHost, row: EvidenceRow) -> None:
    """Enter on a piece: the configured viewer opens it, else its address is shown; it counts as seen.

    An address that no viewer should get is told in one line, opened by nobody and seen by nobody.
    """
    from bdesk.screens.viewer import open_with

    fault = locator_fault(row.address)
    if fault is not None:
        host.toast(speak(fault, {"address": crop(shown(row.address), LONGEST_ADDRESS)}), "offline")
        return
    viewer = host.place.settings.evidence_viewer
    opened = bool(viewer) and open_with(viewer or "", row.address)

    def tell(_changed: Changed) -> None:
        if opened:
            host.toast(_("Opened with {viewer}", viewer=viewer or ""))
        else:
            host.toast(_("Its address: {address}", address=row.address), "hint")

    host.perform(evidence.look_at, row.id, then=tell)


def tick_evidence(host: CaseHost, row: EvidenceRow) -> None:
    """Space on a piece: clear, then not clear. Who has not seen it himself cannot tick it."""
    if not row.seen:
        words = _("{by} looked at it, not you: Enter opens it", by=row.by) if row.by else ""
        host.toast(words or _("Look at it first: Enter opens it"), "hint")
        return
    host.perform(evidence.judge, row.id, not row.clear)
