"""The queue list: nothing moves under the cursor, ticks are small, size does not matter."""

import gc
import tracemalloc
from datetime import timedelta
from time import perf_counter

import pytest
from textual.geometry import Region

from bdesk.i18n import set_language
from bdesk.models.kinds import CaseFlag
from bdesk.models.views.queue import QueueRow, Section
from bdesk.widgets import theme
from bdesk.widgets.cells import width
from bdesk.widgets.queue_columns import QueueWords, columns_now
from bdesk.widgets.queue_list import DIGITS_DEAD, RESORT_IDLE, QueueList
from bdesk.widgets.queue_pages import KEEP, PAGE
from tests.driver import driving
from tests.widgets.samples import HOSTILE, NOW, Bare, row, sections


class Seconds:
    """A stopwatch that is moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def rows(first: int, count: int) -> list[QueueRow]:
    return [row(n, 60.0 * n, summary=f"case-{n:03d}") for n in range(first, first + count)]


def listed(seconds: Seconds | None = None, mine: int = 2, waiting: int = 30, aside: int = 0) -> QueueList:
    made = QueueList(now=NOW, seconds=seconds or Seconds(), id="queue")
    found = {"mine": rows(1, mine), "waiting": rows(100, waiting), "aside": rows(500, aside)}
    made.load(sections(mine, waiting, aside), found)
    return made


async def test_first_row_is_selected_and_digits_select_without_opening() -> None:
    queue = listed()
    app = Bare(queue, focus=True)
    async with driving(app) as desk:
        assert queue.selected_id == 1
        await desk.press("3")
        assert queue.selected_id == 100
        assert app.seen_of(QueueList.Opened) == []
        await desk.press("enter")
        assert [message.row.case_id for message in app.seen_of(QueueList.Opened)] == [100]
        assert "3" in desk.line_with("case-100")[:3]
        assert "▐" in desk.line_with("case-100")


@pytest.mark.parametrize("key", ["４", "4"])
async def test_full_width_digits_select_too(key: str) -> None:
    queue = listed()
    async with driving(Bare(queue, focus=True)) as desk:
        await desk.press(key)
        assert queue.selected_id == 101


async def test_arrows_cross_sections_and_keep_the_selection_in_view() -> None:
    queue = listed(aside=3)
    async with driving(Bare(queue, focus=True)) as desk:
        await desk.press("down", "down")
        assert queue.selected_id == 100
        await desk.press("end")
        assert queue.selected_id == 502
        desk.shows("case-502")
        await desk.press("pageup")
        desk.shows(queue.selected.summary if queue.selected else "?")
        await desk.press("home", "up")
        assert queue.selected_id == 1
        desk.shows("case-001")
        assert queue.go_to_section() == "waiting"
        assert queue.selected_id == 100


async def test_digits_follow_the_rows_in_view() -> None:
    queue = listed()
    async with driving(Bare(queue, focus=True)) as desk:
        await desk.press("end", "1")
        assert queue.selected_id == int(desk.lines()[0].split("case-")[1][:3])


async def test_changes_of_order_wait_and_values_do_not() -> None:
    seconds = Seconds()
    queue = listed(seconds)
    app = Bare(queue, focus=True)
    async with driving(app) as desk:
        await desk.press("4")
        before = desk.lines()
        late = row(999, -5, summary="case-new")
        newer = [late, *(row(n, 60.0 * n, summary=f"case-{n}-v2", version=2) for n in range(100, 130))]
        held = queue.offer(sections(2, 31), {"mine": rows(1, 2), "waiting": newer[:31], "aside": []})
        await desk.idle()
        assert held == 1
        assert [message.held for message in app.seen_of(QueueList.HeldChanged)] == [1]
        desk.shows("case-101-v2").shows_not("case-new")
        assert queue.selected_id == 101
        assert (
            desk.line_with("case-101-v2")[:4] == before[desk.lines().index(desk.line_with("case-101-v2"))][:4]
        )
        await desk.press("0")
        desk.shows("case-new")
        assert queue.selected_id == 101
        assert queue.held == 0
        await desk.press("1")
        assert queue.selected_id == 101, "digits are dead right after a re-sort"
        seconds.at += DIGITS_DEAD
        await desk.press("1")
        assert queue.selected_id == 1


async def test_the_selected_case_keeps_its_line_on_the_screen() -> None:
    queue = listed()
    async with driving(Bare(queue, focus=True), size=(80, 12)) as desk:
        for _step in range(15):
            await desk.press("down")
        kept = queue.selected_id
        at = desk.lines().index(desk.line_with(f"case-{kept}"))
        newcomers = [row(900 + n, 1, summary="newcomer") for n in range(3)]
        queue.offer(sections(2, 33), {"mine": rows(1, 2), "waiting": newcomers + rows(100, 30)})
        await desk.press("0")
        assert queue.selected_id == kept
        assert desk.lines().index(desk.line_with(f"case-{kept}")) == at


async def test_a_minute_without_a_key_applies_the_changes() -> None:
    seconds = Seconds()
    queue = listed(seconds)
    async with driving(Bare(queue, focus=True)) as desk:
        await desk.press("down")
        queue.offer(sections(1, 30), {"mine": rows(1, 1), "waiting": rows(100, 30)})
        seconds.at += RESORT_IDLE - 1
        queue.tick(NOW)
        assert queue.held == 1
        seconds.at += 2
        queue.tick(NOW)
        await desk.idle()
        assert queue.held == 0
        assert queue.selected_id == 1
        desk.shows_not("case-002")


async def test_a_tick_repaints_only_chips_that_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = QueueList(now=NOW, seconds=Seconds())
    queue.load(
        sections(0, 3),
        {"waiting": [row(1, 200, summary="soon"), row(2, 7200.5, summary="later"), row(3, 10.0 * 86400)]},
    )
    async with driving(Bare(queue)) as desk:
        painted: list[Region] = []
        monkeypatch.setattr(queue, "refresh", lambda *regions, **_more: painted.extend(regions))
        assert queue.tick(NOW) == 0
        assert queue.tick(NOW + timedelta(seconds=0.2)) == 1
        assert painted == [Region(4, 1, 12, 1)]
        monkeypatch.undo()
        queue.tick(NOW + timedelta(seconds=201))
        queue.refresh()
        await desk.idle()
        assert "OVR" in desk.line_with("soon")


async def test_rows_that_are_gone_stay_dim_until_the_re_sort() -> None:
    queue = listed()
    async with driving(Bare(queue)) as desk:
        queue.gone([101])
        await desk.idle()
        assert desk.style_of("case-101").color == theme.style("off").color
        assert desk.style_of("case-102").color == theme.style("summary").color


async def test_a_short_list_leaves_the_first_heading_out_and_a_tall_one_names_columns() -> None:
    queue = listed()
    async with driving(Bare(queue), size=(80, 20)) as desk:
        desk.shows("Waiting").shows_not("Mine", "Summary")
        await desk.resize(80, 40)
        desk.shows("Mine", "Waiting", "Summary")


async def test_wide_lists_show_owner_group_channel_and_age() -> None:
    queue = QueueList(now=NOW)
    queue.load(sections(1, 0), {"mine": [row(1, owner="林晓", group="east", channel="hotline")]})
    async with driving(Bare(queue), size=(160, 40)) as desk:
        desk.shows("林晓", "east", "hotline", "3h").widths_ok()
        await desk.resize(80, 24)
        desk.shows_not("林晓", "east", "hotline").widths_ok()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (30, 8)])
async def test_hostile_rows_keep_every_strip_exact(size: tuple[int, int], language: str) -> None:
    set_language(language)
    queue = QueueList(now=NOW)
    texts = [
        row(n, 60.0 * n, customer=text, summary=text, tags=(text,), owner=text)
        for n, text in enumerate(HOSTILE)
    ]
    queue.load(sections(0, len(texts)), {"waiting": texts})
    async with driving(Bare(queue), size=size) as desk:
        desk.widths_ok()


@pytest.mark.parametrize("look", theme.THEMES, ids=lambda look: look.name)
async def test_every_theme_paints(look: theme.Theme) -> None:
    queue = listed(aside=2)
    async with driving(Bare(queue, look=look), size=(120, 40)) as desk:
        desk.widths_ok().shows("case-100")
    theme.use(theme.TRUE)


class Served(Bare):
    """Answers NeedPage as a screen does."""

    def on_queue_list_need_page(self, event: QueueList.NeedPage) -> None:
        wanted = event.wanted
        queue = self.query_one(QueueList)
        queue.put_page(wanted.section, wanted.index, rows(100 + wanted.index, wanted.limit))


async def test_the_end_of_a_million_rows_is_one_page_away() -> None:
    queue = QueueList(now=NOW, seconds=Seconds())
    queue.load([Section("waiting", 1_000_000)], {"waiting": rows(100, PAGE)})
    app = Served(queue, focus=True)
    async with driving(app) as desk:
        await desk.press("end")
        assert queue.selected_id == 1_000_099
        desk.shows("case-1000099").widths_ok()
        for _page in range(4):
            await desk.press("pageup")
        assert len(queue.pages) <= KEEP
        asked = [message.wanted for message in app.seen_of(QueueList.NeedPage)]
        assert asked[0].index == 999_999 // PAGE * PAGE
        assert asked[0].after is None
        assert all(wanted.limit <= PAGE for wanted in asked)
        assert any(wanted.before is not None for wanted in asked[1:])


async def test_memory_and_time_do_not_grow_with_the_queue() -> None:
    async def cost(total: int) -> tuple[float, int]:
        queue = QueueList(now=NOW, seconds=Seconds())
        first = rows(100, PAGE)
        async with driving(Served(queue, focus=True)) as desk:
            gc.collect()
            tracemalloc.start()
            queue.load([Section("waiting", total)], {"waiting": first})
            await desk.idle()
            memory = tracemalloc.get_traced_memory()[0]
            tracemalloc.stop()
            begun = perf_counter()
            for _step in range(20):
                queue.action_move(1)
                for y in range(24):
                    queue.render_line(y)
            return perf_counter() - begun, memory

    small_time, small = await cost(1_000)
    large_time, large = await cost(1_000_000)
    assert large < small * 1.3 + 20_000
    assert large_time < small_time * 3 + 0.05


async def test_pages_are_asked_for_once_and_again_after_a_failure() -> None:
    queue = QueueList(now=NOW, seconds=Seconds())
    queue.load([Section("waiting", 500)], {"waiting": rows(100, PAGE)})
    app = Bare(queue, focus=True)
    async with driving(app) as desk:
        await desk.press("end", "up")
        assert len(app.seen_of(QueueList.NeedPage)) == 1
        assert queue.selected is None
        queue.ask_again()
        await desk.idle()
        assert len(app.seen_of(QueueList.NeedPage)) == 2
        queue.put_page("waiting", 448, rows(548, 52))
        await desk.idle()
        assert queue.selected_id == 598


async def test_marks() -> None:
    queue = listed()
    app = Bare(queue, focus=True)
    async with driving(app) as desk:
        await desk.press("space", "down", "space", "up", "space")
        assert queue.marked == {2}
        assert "✓" in desk.line_with("case-002")
        assert app.seen_of(QueueList.Marked)[-1].case_ids == {2}


async def test_a_click_selects_and_an_empty_list_is_quiet() -> None:
    queue = listed()
    app = Bare(queue)
    async with driving(app) as desk:
        await desk.pilot.click("#queue", offset=(20, 5))
        await desk.idle()
        assert queue.selected_id == 102
        queue.load(sections(0, 0), {})
        await desk.press("down", "enter", "5")
        assert queue.selected is None
        assert app.seen_of(QueueList.Opened) == []
        desk.widths_ok()


async def test_a_section_whose_count_was_capped_grows_without_moving() -> None:
    queue = QueueList(now=NOW, seconds=Seconds(), count_cap=100)
    queue.load(sections(0, 100, 3), {"waiting": rows(100, PAGE), "aside": rows(5000, 3)})
    app = Served(queue, focus=True)
    async with driving(app) as desk:
        await desk.run(lambda: queue.select(5000))
        before = desk.lines().index(desk.line_with("case-5000"))
        queue.grow("waiting", 300)
        await desk.idle()
        assert desk.lines().index(desk.line_with("case-5000")) == before
        await desk.press("home")
        desk.shows("Waiting  99+")
        await desk.run(lambda: queue.action_move(299))
        assert queue.selected_id == 399
        desk.shows("case-399")


@pytest.mark.parametrize("tag", [*(flag.value for flag in CaseFlag), "raised", "reopened"])
def test_every_tag_of_a_row_has_a_word_in_both_languages(tag: str) -> None:
    words = QueueWords()
    set_language("zh")
    try:
        assert tag == "vip" or not words.tag(tag).isascii()
    finally:
        set_language("en")
    assert words.tag(tag) != tag


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("cells", [78, 118, 160])
def test_every_tag_has_room_beside_a_masked_name(cells: int, language: str) -> None:
    set_language(language)
    try:
        room = columns_now(cells).customer
        for code in [*(flag.value for flag in CaseFlag), "raised", "reopened"]:
            assert width(f"张** {QueueWords().tag(code)} ") <= room, code
    finally:
        set_language("en")
