"""Fields and notes: what they take, what they leave to the desk, where the terminal's cursor is."""

from typing import ClassVar

import pytest
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.screen import Screen

from bdesk.widgets import theme
from bdesk.widgets.fields import Field
from bdesk.widgets.note_area import NoteArea
from tests.driver import driving
from tests.widgets.samples import HOSTILE, Bare

DESK_KEYS = (*(f"f{n}" for n in range(1, 11)), "ctrl+z", "ctrl+k", "escape")


class Desk(Bare):
    """Counts the desk's keys that reach it past a field, without priority."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding(key, f"reached('{key}')") for key in DESK_KEYS]
    reached: tuple[str, ...] = ()

    def action_reached(self, key: str) -> None:
        self.reached += (key,)


@pytest.mark.parametrize("make", [lambda: Field("abc"), lambda: NoteArea("abc")])
async def test_the_desks_keys_pass_through(make: type[Field] | type[NoteArea]) -> None:
    widget = make()
    app = Desk(widget, focus=True)
    async with driving(app) as desk:
        await desk.press(*DESK_KEYS)
        assert app.reached == DESK_KEYS
        text = widget.value if isinstance(widget, Field) else widget.text
        assert text == "abc"


async def test_typing_pasting_and_what_is_cleaned() -> None:
    field = Field()
    app = Bare(field, focus=True)
    async with driving(app) as desk:
        await desk.type("退款 128")
        await desk.paste("\n  \x1b]2;x\x07[/b]\u202e 完\n好 ")
        assert field.value == "退款 128]2;x[/b] 完 好"
        desk.shows("退款 128]2;x[/b] 完 好").widths_ok()
        assert (desk.digits, desk.letters) == (3, 3)
        assert [message.value for message in app.seen_of(Field.Changed)][-1] == field.value


async def test_digits_only_takes_full_width_ones_and_says_what_it_refused() -> None:
    field = Field(digits=True, length=4)
    app = Bare(field, focus=True)
    async with driving(app) as desk:
        desk.shows("____")
        await desk.type("7就x４")
        assert field.value == "74"
        assert [message.typed for message in app.seen_of(Field.Refused)] == ["就", "x"]
        await desk.paste("尾号 12-34")
        assert field.value == "7412"
        assert [message.value for message in app.seen_of(Field.Filled)] == ["7412"]
        await desk.type("9")
        assert field.value == "7412"
        assert app.seen_of(Field.Refused)[-1].typed == "9"


async def test_what_the_digits_stand_for_is_read_behind_the_one_that_was_typed() -> None:
    field = Field(placeholder="1 没有  2 有或疑似", picks=True)
    async with driving(Bare(field, focus=True), size=(40, 3)) as desk:
        await desk.type("2")
        desk.shows("2    1 没有  2 有或疑似").widths_ok()
        assert field.value == "2"


async def test_where_a_digit_picks_another_digit_takes_its_place() -> None:
    field = Field("仓库", picks=True)
    async with driving(Bare(field, focus=True)) as desk:
        await desk.type("1")
        assert field.value == "1"
        await desk.type("１２")
        assert field.value == "２"
        await desk.press("backspace")
        await desk.type("ck")
        assert field.value == "ck"


async def test_autoskip_goes_to_the_next_field() -> None:
    first, second = Field(digits=True, length=4, autoskip=True), Field(digits=True)
    async with driving(Bare(first, second, focus=True)) as desk:
        await desk.type("774155")
        assert (first.value, second.value) == ("7741", "55")
        assert second.has_focus


async def test_editing_keys() -> None:
    field = Field("退款单")
    async with driving(Bare(field, focus=True)) as desk:
        await desk.press("end", "left", "backspace")
        assert field.value == "退单"
        await desk.press("home", "delete")
        assert field.value == "单"
        await desk.press("end", "ctrl+u")
        assert field.value == ""


async def test_enter_submits() -> None:
    field = Field("7741")
    app = Bare(field, focus=True)
    async with driving(app) as desk:
        await desk.press("enter")
        assert [message.value for message in app.seen_of(Field.Submitted)] == ["7741"]


async def test_a_password_is_stars_of_one_cell() -> None:
    field = Field("密码ab", password=True)
    async with driving(Bare(field)) as desk:
        desk.shows("****").shows_not("密", "*****").widths_ok()


async def test_the_cursor_stands_right_behind_the_text() -> None:
    field = Field()
    async with driving(Bare(field, focus=True)) as desk:
        await desk.type("退款ab")
        assert desk.app.cursor_position == Offset(6, 0)
        await desk.press("left")
        assert desk.app.cursor_position == Offset(5, 0)


@pytest.mark.parametrize("kind", [Field, NoteArea])
async def test_the_cursor_of_a_pushed_screen_is_on_it_at_once(kind: type[Field] | type[NoteArea]) -> None:
    class Asked(Screen[None]):
        AUTO_FOCUS = "*"

        def compose(self) -> ComposeResult:
            field = kind("ab")
            field.styles.margin = (5, 0, 0, 10)
            yield field

    first = Field("long text here")
    async with driving(Bare(first, focus=True)) as desk:
        await desk.run(lambda: desk.app.push_screen(Asked()))
        focused = desk.app.focused
        assert focused is not None
        assert desk.app.cursor_position == focused.cursor_screen_offset  # type: ignore[attr-defined]
        assert desk.app.cursor_position.y == 5


async def test_long_text_scrolls_and_keeps_the_cursor_in_view() -> None:
    field = Field()
    field.styles.width = 20
    async with driving(Bare(field, focus=True)) as desk:
        await desk.type("一二三四五六七八九十甲乙")
        desk.shows("甲乙").shows_not("一二").widths_ok()
        assert 0 <= desk.app.cursor_position.x < 20


async def test_a_draft_comes_back() -> None:
    field, note = Field(length=4), NoteArea()
    async with driving(Bare(field, note)) as desk:
        field.put("77\x1b41")
        note.put("第一行\n第二行\x1b[31m")
        await desk.idle()
        desk.shows("7741", "第一行", "第二行[31m").widths_ok()
        assert field.cursor_position == 4


async def test_enter_saves_a_note_and_keeps_it_until_it_is_saved() -> None:
    note = NoteArea(placeholder="F5")
    app = Bare(note, focus=True)
    async with driving(app) as desk:
        desk.shows("F5")
        await desk.press("enter")
        assert app.seen_of(NoteArea.Saved) == []
        await desk.type("客户周五出差 ")
        await desk.paste("[/b]\x1b]2;x\x07\n二行")
        await desk.press("enter")
        assert [message.text for message in app.seen_of(NoteArea.Saved)] == ["客户周五出差 [/b]]2;x\n二行"]
        desk.shows("客户周五出差").widths_ok()
        note.saved("something else")
        assert note.text
        note.saved("客户周五出差 [/b]]2;x\n二行")
        assert note.text == ""
        assert app.seen_of(NoteArea.Changed)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("look", [theme.TRUE, theme.NONE], ids=lambda look: look.name)
async def test_hostile_text(text: str, look: theme.Theme) -> None:
    field, note = Field(text, placeholder=text), NoteArea(text, placeholder=text)
    try:
        async with driving(Bare(field, note, focus=True, look=look), size=(40, 10)) as desk:
            desk.widths_ok()
            await desk.paste(text)
            await desk.press("home", "right", "shift+end")
            desk.widths_ok()
    finally:
        theme.use(theme.TRUE)


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("8",), "8"),
        (("8", "5"), "85"),
        (("backspace", "1"), "5.01"),
        (("left", "1"), "5.010"),
    ],
)
async def test_what_is_proposed_goes_when_typed_over_and_stays_when_edited(
    keys: tuple[str, ...], value: str
) -> None:
    field = Field("5.00", overtyped=True)
    async with driving(Bare(field, focus=True)) as desk:
        await desk.press(*keys)
        assert field.value == value
