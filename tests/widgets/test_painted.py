"""Every painted widget: exact strips with any text at any width, and what each of them says."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.strip import Strip

from bdesk.i18n import set_language
from bdesk.text import clean
from bdesk.widgets import strips, theme
from bdesk.widgets.chip import make_chip
from bdesk.widgets.choices import Choice, Choices
from bdesk.widgets.facts import Check, Facts
from bdesk.widgets.footer import Footer, FooterKey
from bdesk.widgets.header import Header, HeaderValues
from bdesk.widgets.hits import Hit, Hits
from bdesk.widgets.lines import Painted, fit, line, measure
from bdesk.widgets.panel import ClockBar, Field, Gap, Heading, Panel, Row, Words, meter
from bdesk.widgets.picks import Picks
from bdesk.widgets.say import Say
from bdesk.widgets.stepper import Step, StepList, StepperHead, StepperValues
from bdesk.widgets.tabs import CaseTab, CaseTabs
from bdesk.widgets.timeline import Entry, Timeline
from bdesk.widgets.toast import Toast, ToastValues
from tests.driver import driving
from tests.widgets.samples import HOSTILE, NOW, Bare

CHIP = make_chip(NOW, NOW)


def _stepper(text: str, wide: bool) -> StepperHead:
    steps = tuple(Step(text, state, text, text, text) for state in ("done", "now", "later"))
    return StepperHead(StepperValues(text, steps, text, text), wide=wide)


MAKERS: dict[str, Callable[[str], Painted]] = {
    "header": lambda t: Header(HeaderValues(t, t, True, t, t, t, "online", t, t)),
    "footer": lambda t: Footer([FooterKey("F1", t), FooterKey(t, t, hot=True), FooterKey("F3", t, reason=t)]),
    "pending": lambda t: strips.StripBar(strips.pending([(t, "text"), (t, "strong")])),
    "recall": lambda t: strips.StripBar(strips.recall([(t, "text")], 9)),
    "call": lambda t: strips.StripBar(strips.call([(t, "text")], t)),
    "alert": lambda t: strips.StripBar(strips.alert(t, [(t, "text")], t, t)),
    "hint": lambda t: strips.StripBar(strips.ime_hint(t)),
    "offline": lambda t: strips.StripBar(strips.offline([(t, "text")])),
    "status": lambda t: strips.StatusLine(strips.StatusValues(2, ((t, t),), True, t, t)),
    "tabs": lambda t: CaseTabs([CaseTab(n, t, t, CHIP, True) for n in range(9)], 5),
    "stepper": lambda t: _stepper(t, True),
    "stepper narrow": lambda t: _stepper(t, False),
    "steps": lambda t: StepList([Step(t, state, t, t, t) for state in ("done", "now", "later")]),
    "choices": lambda t: Choices(
        [Choice(str(n), t, t, t if n % 2 else "") for n in range(12)], title=t, hint=t
    ),
    "choices beside": lambda t: Choices([Choice("a", t, t)], title=t, beside=True),
    "facts": lambda t: Facts([Check(t, t), Check(t, t, False), Check(t, holds=None)], title=t, indent=2),
    "facts beside": lambda t: Facts([Check(t, t), Check(t, t)], title=t, beside=True),
    "picks": lambda t: Picks([t, "退款", t]),
    "say": lambda t: Say(t, title=t),
    "say beside": lambda t: Say(t, title=t, beside=True, most=3),
    "panel": lambda t: Panel(
        [
            Heading(t, t),
            Field(t, t, note=t),
            Gap(),
            Words(((t, "text"), (t, "vip"))),
            ClockBar(CHIP, t, 0.5, t),
        ]
    ),
    "hits": lambda t: Hits([Hit("order", "1", (t, t, t), t, CHIP, t), Hit("case", "2", (t,))]),
    "no hits": lambda t: Hits([], empty=t),
    "toast": lambda t: Toast(ToastValues(t)),
}

TEXT = st.text(st.one_of(st.sampled_from("退款¥128.00，(）·*- abc\u0301𠮷"), st.characters()), max_size=40)


def exact(painted: list[Strip], cells: int) -> None:
    for strip in painted:
        assert Strip(list(strip)).cell_length == cells
        assert clean(strip.text) == strip.text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("cells", [1, 5, 24, 60, 80, 120, 200])
@pytest.mark.parametrize("name", MAKERS)
def test_hostile_text_never_breaks_a_strip(name: str, cells: int, language: str) -> None:
    set_language(language)
    for text in HOSTILE:
        exact(MAKERS[name](text).paint(cells), cells)


@given(st.sampled_from(sorted(MAKERS)), TEXT, st.integers(1, 130))
def test_any_text_at_any_width(name: str, text: str, cells: int) -> None:
    exact(MAKERS[name](text).paint(cells), cells)


def test_what_may_be_picked_stands_on_few_lines_and_no_name_is_broken() -> None:
    picks = Picks(["退款", "未发货", "售后", "支付失败"])
    assert [strip.text.rstrip() for strip in picks.paint(80)] == ["    1 退款  2 未发货  3 售后  4 支付失败"]
    assert [strip.text.rstrip() for strip in picks.paint(24)] == [
        "    1 退款  2 未发货",
        "    3 售后  4 支付失败",
    ]


@given(TEXT, TEXT, st.integers(0, 60))
def test_a_line_keeps_its_right_side(left: str, right: str, cells: int) -> None:
    made = line(cells, [(left, "text")], [(right, "strong")])
    exact([made], cells)
    if measure([(right, "strong")]) <= cells:
        assert made.text.endswith(clean(right))
    assert measure(fit([(left, "text"), (right, "dim")], cells)) <= cells


@given(TEXT, st.floats(-1, 2), st.integers(0, 40))
def test_a_meter_is_exact(text: str, fraction: float, cells: int) -> None:
    assert measure(meter(cells, text, fraction, "meter", "meter.rest")) == cells


@pytest.mark.parametrize("look", theme.THEMES, ids=lambda look: look.name)
@pytest.mark.parametrize("name", MAKERS)
async def test_on_a_screen(name: str, look: theme.Theme) -> None:
    try:
        async with driving(Bare(MAKERS[name]("退款 [/b] ¥128.00"), look=look)) as desk:
            desk.widths_ok()
    finally:
        theme.use(theme.TRUE)


async def test_markup_is_shown_not_read() -> None:
    async with driving(Bare(Say("[bold]no[/] \x1b[31mred"))) as desk:
        desk.shows("[bold]no[/] [31mred").widths_ok()


def test_a_pending_strip_shows_every_word_on_as_many_lines_as_it_needs() -> None:
    bar = strips.StripBar(
        strips.pending(
            [("退款 ", "text"), ("¥2,310.50", "strong"), ("  原路退回 微信 + 结果邮件" * 3, "text")]
        )
    )
    painted = bar.paint(80)
    assert len(painted) > 1
    text = "".join(strip.text.replace(" ", "") for strip in painted)
    assert text.count("结果邮件") == 3
    assert "¥2,310.50" in painted[0].text
    assert "F8" in painted[0].text
    assert len(bar.paint(200)) == 1


def test_a_flash_changes_what_f8_says() -> None:
    bar = strips.StripBar(strips.pending([("Refund", "text")]))
    assert "press again" not in bar.paint(80)[0].text
    bar.show(strips.pending([("Refund", "text")], flash=True))
    assert "F8 press again" in bar.paint(80)[0].text


@pytest.mark.parametrize(("cells", "shown"), [(120, " F10 菜单 "), (80, "F10菜单"), (78, "F10菜单")])
def test_the_footer_has_a_roomy_and_a_tight_form(cells: int, shown: str) -> None:
    words = ["帮助", "队列", "查找", "客户", "便签", "挂起", "升级", "执行", "接件", "菜单"]
    footer = Footer([FooterKey(f"F{n}", word, hot=n == 9) for n, word in enumerate(words, 1)])
    text = footer.paint(cells)[0].text
    assert shown in text
    assert ("F1 帮助" in text) == (cells == 120)


def test_the_english_footer_fits_80_columns() -> None:
    words = ["Help", "Queue", "Find", "Cust", "Note", "Park", "Raise", "Do", "Take", "Menu"]
    footer = Footer(
        [FooterKey(f"F{n}", word, reason="no strip" if n == 8 else "") for n, word in enumerate(words, 1)]
    )
    assert "F10Menu" in footer.paint(80)[0].text
    assert footer.reason("f8") == "no strip"
    assert footer.reason("F1") == ""


async def test_choices_choose_refuse_and_turn_pages() -> None:
    offered = [Choice(f"c{n}", f"Outcome {n}", reason="past due" if n == 2 else "") for n in range(1, 12)]
    choices = Choices(offered, title="Outcome")
    app = Bare(choices, focus=True)
    async with driving(app) as desk:
        desk.shows("past due", "Outcome 9").shows_not("Outcome 10")
        await desk.press("1", "2", "down", "enter")
        assert [m.choice.code for m in app.seen_of(Choices.Chosen)] == ["c1", "c3"]
        assert [m.choice.code for m in app.seen_of(Choices.Refused)] == ["c2"]
        await desk.press("0")
        desk.shows("Outcome 10").shows_not("Outcome 9")
        await desk.press("2")
        assert app.seen_of(Choices.Chosen)[-1].choice.code == "c11"
        choices.show(offered, chosen="c1", title="Outcome")
        await desk.idle()
        assert "▐" in desk.line_with("Outcome 1")
        assert desk.style_of("Outcome 1").bgcolor == theme.style("row", "selected").bgcolor


async def test_hits_pick_by_digit_enter_and_click() -> None:
    hits = Hits([Hit("order", str(n), (f"BT..774{n}", "李**"), "tail") for n in range(1, 12)])
    app = Bare(hits, focus=True)
    async with driving(app) as desk:
        await desk.press("2", "down", "enter")
        await desk.pilot.click(Hits, offset=(5, 0))
        await desk.idle()
        assert [m.hit.key for m in app.seen_of(Hits.Picked)] == ["2", "3", "1"]
        assert desk.line_with("BT..7741").rstrip().endswith("tail")


async def test_tabs_show_the_current_case_and_a_waiting_strip() -> None:
    cases = [CaseTab(n, f"客{n}**", "退款", CHIP, pending=n == 3) for n in range(1, 10)]
    tabs = CaseTabs(cases, 9)
    app = Bare(tabs)
    async with driving(app) as desk:
        desk.shows("客9**").shows_not("客1**")
        tabs.show(cases[:3], 1)
        await desk.idle()
        desk.shows("客1**", "✎ 客3**", "- =")
        await desk.pilot.click(CaseTabs, offset=(4, 0))
        await desk.idle()
        assert [m.case_id for m in app.seen_of(CaseTabs.Picked)] == [1]


async def test_the_timeline_scrolls_and_keeps_numbers_whole() -> None:
    entries = [
        Entry("14:33", "林晓", f"第 {n} 次来电，余额 ¥2,310.50，客户在外地出差，要求当天处理")
        for n in range(50)
    ]
    timeline = Timeline(entries, title="时间线")
    async with driving(Bare(timeline, focus=True), size=(33, 20)) as desk:
        desk.shows("时间线", "¥2,310.50").widths_ok()
        await desk.press("end")
        desk.shows("第 49 次").shows_not("时间线").widths_ok()


@pytest.mark.parametrize("cells", [30, 31, 32, 33])
async def test_the_timeline_breaks_no_number_of_a_case(cells: int) -> None:
    entries = [Entry("10:00", "林晓", "KF2026111800001 was merged in")]
    async with driving(Bare(Timeline(entries, title="Timeline")), size=(cells, 10)) as desk:
        desk.shows("KF2026111800001").widths_ok()


@pytest.mark.parametrize("text", HOSTILE)
async def test_the_timeline_with_hostile_text(text: str) -> None:
    async with driving(Bare(Timeline([Entry(text, text, text)] * 3, title=text)), size=(33, 10)) as desk:
        desk.widths_ok()


async def test_repaint_refreshes_only_lines_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = Panel([Field("Name", "a"), Field("Phone", "b"), Field("City", "c")])
    async with driving(Bare(panel)) as desk:
        asked: list[tuple[object, ...]] = []
        monkeypatch.setattr(panel, "refresh", lambda *regions, **more: asked.append((*regions, *more)))
        panel.show([Field("Name", "a"), Field("Phone", "x"), Field("City", "c")])
        assert [regions[0].y for regions in asked] == [1]  # type: ignore[attr-defined]
        panel.show([Field("Name", "a"), Field("Phone", "x"), Field("City", "c")])
        assert len(asked) == 1
        panel.show([Field("Name", "a")])
        assert asked[-1] == ("layout",)
        await desk.idle()


def test_three_tabs_that_fit_are_all_shown() -> None:
    cases = [CaseTab(n, "徐**", "退款", CHIP) for n in range(3)]
    (shown,) = CaseTabs(cases, 2).paint(80)
    assert shown.text.count("徐**") == 3
    assert "+" not in shown.text


def test_a_hint_without_room_is_left_out_whole() -> None:
    values = strips.StatusValues(1, (("F3", "find"), ("Ctrl+Z", "undo or recall it")), says="earliest due")
    (shown,) = strips.StatusLine(values).paint(76)
    assert "F3 find" in shown.text
    assert "Ctrl" not in shown.text and ".." not in shown.text


async def test_enter_takes_what_is_natural_and_never_begins_on_grey() -> None:
    offered = [Choice("late", "Late", reason="in time"), Choice("wait", "Wait"), Choice("back", "Back")]
    choices = Choices(offered, title="Outcome")
    app = Bare(choices, focus=True)
    async with driving(app) as desk:
        await desk.press("enter")
        assert [m.choice.code for m in app.seen_of(Choices.Chosen)] == ["wait"]
        choices.show(offered[1:], natural="back", title="Outcome")
        await desk.press("enter")
        assert app.seen_of(Choices.Chosen)[-1].choice.code == "back"
        choices.show(offered, natural="late", title="Outcome")
        await desk.press("enter")
        assert app.seen_of(Choices.Chosen)[-1].choice.code == "wait"
        assert not app.seen_of(Choices.Refused)


@pytest.mark.parametrize("cells", [28, 30, 40])
def test_of_a_clock_without_room_the_name_is_cut_and_never_the_time(cells: int) -> None:
    (painted,) = Panel([ClockBar(CHIP, "Warehouse follow-up", 0.5, "11/19 10:00")]).paint(cells)
    assert "11/19 10:00" in painted.text
    assert painted.cell_length == cells


@pytest.mark.parametrize("cells", [34, 33, 40])
def test_names_and_due_times_of_clocks_stand_in_columns(cells: int) -> None:
    due = [("Respond", "11/18 10:30"), ("Resolve", "11/20 24:00"), ("Legal", "12/3 24:00")]
    painted = [
        one.text for one in Panel([ClockBar(CHIP, name, 0.5, day) for name, day in due], edge=1).paint(cells)
    ]
    assert len({text.index(name) for text, (name, _day) in zip(painted, due, strict=True)}) == 1
    assert len({text.index(day) for text, (_name, day) in zip(painted, due, strict=True)}) == 1


async def test_a_title_whose_rows_have_no_room_is_not_shown() -> None:
    rows: list[Row] = [
        Heading("Order"),
        Field("State", "paid"),
        Gap(),
        Heading("Limits"),
        Field("Refund", "500"),
    ]
    panel = Panel(rows)
    async with driving(Bare(panel)) as desk:
        panel.styles.height = 4
        await desk.idle()
        desk.shows("Order", "paid").shows_not("Limits")
        panel.styles.height = 5
        await desk.idle()
        desk.shows("Limits", "500")


def test_a_step_without_a_time_stands_under_those_that_have_one() -> None:
    asked, waited = (
        strip.text.rstrip()
        for strip in StepList(
            [Step("Ask", "done", by="Agreed", at="10:00"), Step("Wait", "done", by="system")]
        ).paint(40)
    )
    assert asked.index("Agreed") + len("Agreed") == len(waited)


def test_a_long_title_gives_way_to_the_keys_beside_it() -> None:
    panel = Panel([Heading("Merge KF2026111800001 into KF2026111700001", "Enter  Esc")], edge=0)
    assert panel.paint(40)[0].text.rstrip().endswith("Enter  Esc")
