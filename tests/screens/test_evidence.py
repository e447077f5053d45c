"""Evidence on the case screen: whose look counts, what is opened, and what never is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from bdesk import i18n
from bdesk.data.store import Store
from bdesk.models.kinds import Channel, EvidenceKind
from bdesk.models.views.snapshot import ActorView
from bdesk.operations import evidence
from bdesk.operations.looking.case import case_page
from bdesk.operations.queue import claim
from bdesk.screens.case.evidence import EvidenceList, EvidenceRow
from bdesk.screens.case.screen import CaseScreen
from bdesk.screens.viewer import open_with
from bdesk.settings import Settings
from tests.builders import context, customer, make_store, open_case, order, person
from tests.screens.desks import AtDesk, at_desk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    i18n.set_language("en")
    with make_store(tmp_path) as made:
        yield made


def with_piece(store: Store, agent: ActorView, address: str) -> int:
    """A case of mine with one photo at an address."""
    placed = order(store, customer(store))
    case_id = open_case(store, order_id=placed.id, channel=Channel.REFUND_FORM)
    ctx = context(store, agent)
    claim(ctx, case_id)
    evidence.add_evidence(ctx, case_id, EvidenceKind.PHOTO, "photo", address, 200_000)
    return case_id


def first(store: Store, agent: ActorView, case_id: int) -> int:
    return case_page(context(store, agent), case_id).standing.snapshot.evidence[0].id


async def at_evidence(desk: AtDesk) -> None:
    if not desk.on(CaseScreen):
        await desk.driver.press("enter")
    for _ in range(6):
        if isinstance(desk.screen.focused, EvidenceList):
            return
        await desk.driver.press("tab")
    raise AssertionError("Tab does not reach the evidence")


async def test_a_colleagues_look_is_theirs(store: Store, agent: ActorView) -> None:
    case_id = with_piece(store, agent, "https://evidence.example.com/1.jpg")
    piece = first(store, agent, case_id)
    colleague = context(store, person(store, "1007"))
    async with at_desk(store, agent) as desk:
        await at_evidence(desk)
        desk.driver.shows("not seen")
    evidence.look_at(colleague, piece)
    async with at_desk(store, agent) as desk:
        await at_evidence(desk)
        desk.driver.shows("only 1007 saw it").shows_not("not seen")
        await desk.driver.press("space")
        desk.driver.shows("1007 looked at it, not you")
        await desk.driver.press("enter")
        desk.driver.shows_not("only 1007")
    # Who looked last is in the row, and mine counts on.
    evidence.look_at(colleague, piece)
    page = case_page(context(store, agent), case_id)
    assert (page.standing.snapshot.evidence[0].looked_by, page.looked) == ("1007", frozenset({piece}))
    async with at_desk(store, agent) as desk:
        await at_evidence(desk)
        desk.driver.shows_not("only 1007", "not seen")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("--option", "an option"),
        ("file:///etc/passwd", "no web address"),
        ("/srv/run.sh", "no picture"),
        ("a.jpg;$(reboot)", "characters"),
    ],
)
async def test_a_hostile_address_is_one_clear_line(
    store: Store, agent: ActorView, address: str, said: str
) -> None:
    case_id = with_piece(store, agent, address)
    async with at_desk(store, agent, settings=Settings(evidence_viewer="true")) as desk:
        await at_evidence(desk)
        await desk.driver.press("enter")
        desk.driver.shows(address, said, "not seen").shows_not("Opened with").widths_ok()
    assert case_page(context(store, agent), case_id).looked == frozenset()
    assert not open_with("true", address)


async def test_a_web_address_is_opened_and_seen(store: Store, agent: ActorView) -> None:
    case_id = with_piece(store, agent, "https://evidence.example.com/1.jpg")
    async with at_desk(store, agent, settings=Settings(evidence_viewer="true")) as desk:
        await at_evidence(desk)
        await desk.driver.press("enter")
        desk.driver.shows("Opened with true").shows_not("not seen")
    assert case_page(context(store, agent), case_id).looked


async def test_without_a_viewer_the_address_is_shown(store: Store, agent: ActorView) -> None:
    with_piece(store, agent, "https://evidence.example.com/1.jpg")
    async with at_desk(store, agent) as desk:
        await at_evidence(desk)
        await desk.driver.press("enter")
        desk.driver.shows("Its address: https://evidence.example.com/1.jpg").shows_not("not seen")


def test_a_viewer_that_cannot_be_read_opens_nothing() -> None:
    assert not open_with("view 'er", "https://evidence.example.com/1.jpg")
    assert not open_with("no-such-viewer-here", "https://evidence.example.com/1.jpg")


async def test_the_bar_stands_only_where_the_keys_go(store: Store, agent: ActorView) -> None:
    with_piece(store, agent, "https://evidence.example.com/1.jpg")
    for size in ((120, 40), (80, 24)):
        async with at_desk(store, agent, size=size) as desk:
            await at_evidence(desk)
            assert "▐" in desk.driver.line_with("not seen")
            for _ in range(2):
                await desk.driver.press("tab")
                assert not isinstance(desk.screen.focused, EvidenceList)
                assert "▐" not in desk.driver.line_with("not seen")


async def test_the_line_above_the_footer_tells_the_way_to_evidence(store: Store, agent: ActorView) -> None:
    with_piece(store, agent, "https://evidence.example.com/1.jpg")
    for size in ((120, 40), (80, 24)):
        async with at_desk(store, agent, size=size) as desk:
            await desk.driver.press("enter")
            desk.driver.shows("Tab to the evidence").widths_ok()
            await desk.driver.press("f5")
            desk.driver.shows("Enter keep the note", "Esc back to the outcomes").shows_not("to the evidence")
            await desk.driver.press("escape")
            await at_evidence(desk)
            desk.driver.shows("Enter open the evidence", "Space tick it").widths_ok()
            await desk.driver.press("escape")
            assert desk.on(CaseScreen) and not isinstance(desk.screen.focused, EvidenceList)


@pytest.mark.parametrize("cells", [30, 37, 78])
def test_that_nobody_saw_a_piece_is_told_at_every_width(cells: int) -> None:
    i18n.set_language("en")
    listed = EvidenceList()
    listed.show([EvidenceRow(1, "photo holding the document", "11/18", "https://a.example", False, None)])
    assert "not seen" in listed.strips(cells)[1].text


async def test_the_keys_stay_at_a_piece_when_the_terminal_gets_another_width(
    store: Store, agent: ActorView
) -> None:
    case_id = with_piece(store, agent, "https://evidence.example.com/1.jpg")
    seen = context(store, agent)
    evidence.add_evidence(seen, case_id, EvidenceKind.PHOTO, "second", "https://evidence.example.com/2.jpg")
    async with at_desk(store, agent, size=(120, 40)) as desk:
        await at_evidence(desk)
        await desk.driver.press("down")
        for size in ((80, 24), (200, 60), (80, 24)):
            await desk.driver.resize(*size)
            focused = desk.screen.focused
            assert isinstance(focused, EvidenceList) and focused.at == 1 and focused.region.width
        await desk.driver.press("enter")
        desk.driver.shows("Its address: https://evidence.example.com/2.jpg")


def test_times_of_pieces_stand_below_each_other() -> None:
    i18n.set_language("zh")
    listed = EvidenceList()
    kinds = ("身份证件", "手持证件照", "照片")
    listed.show([EvidenceRow(n, kind, "10:00", "", n == 2, None) for n, kind in enumerate(kinds)])
    ends = {cell_len(strip.text.rstrip()) for strip in listed.strips(37)[1:]}
    i18n.set_language("en")
    assert len(ends) == 1


@pytest.mark.parametrize("cells", [31, 33, 35])
def test_where_no_time_has_room_what_nobody_saw_stands_below_each_other(cells: int) -> None:
    i18n.set_language("en")
    listed = EvidenceList()
    kinds = ("identity document", "photo holding the document")
    listed.show([EvidenceRow(n, kind, "10:00", "", False, None) for n, kind in enumerate(kinds)])
    lines = [strip.text for strip in listed.strips(cells)[1:]]
    assert len({line.index("not seen") for line in lines}) == 1
    assert all(line[-1] == " " for line in lines)
