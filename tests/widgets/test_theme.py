"""Themes: which one a terminal gets, every role in each, legible contrast, no colour with NO_COLOR."""

import pytest
from rich.color import Color

from bdesk.widgets import palette, theme
from bdesk.widgets.chip import STATES

ROLES = [name for name in theme.TRUE.roles if "/" not in name and name not in palette.GROUNDS]


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"COLORTERM": "truecolor", "TERM": "xterm-256color"}, "true"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "screen"}, "16"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "dumb"}, "mono"),
        ({"COLORTERM": "truecolor", "TERM": "xterm", "NO_COLOR": "1"}, "mono"),
        ({"COLORTERM": "truecolor", "TERM": "xterm", "NO_COLOR": ""}, "mono"),
    ],
)
def test_the_theme_of_a_terminal(environ: dict[str, str], name: str) -> None:
    assert theme.theme_for(environ, theme.detected(environ)).name == name


@pytest.mark.parametrize("look", theme.THEMES, ids=lambda look: look.name)
def test_all_themes_have_all_roles(look: theme.Theme) -> None:
    for ground in palette.GROUNDS:
        for role in ROLES:
            look.style(role, ground)
    assert {name for name in look.roles if "/" not in name} == {
        name for name in theme.TRUE.roles if "/" not in name
    }
    with pytest.raises(KeyError):
        look.style("no such role")


def luminance(colour: Color) -> float:
    def part(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    triplet = colour.get_truecolor()
    return 0.2126 * part(triplet.red) + 0.7152 * part(triplet.green) + 0.0722 * part(triplet.blue)


@pytest.mark.parametrize("look", [theme.TRUE, theme.C256], ids=lambda look: look.name)
def test_every_role_is_legible_on_every_ground(look: theme.Theme) -> None:
    """WCAG AA, 4.5 to 1; `mark` is a bar beside its row, not text."""
    poor = []
    for ground in palette.GROUNDS:
        for role in ROLES:
            style = look.style(role, ground)
            assert style.color is not None and style.bgcolor is not None
            light, dark = sorted((luminance(style.color), luminance(style.bgcolor)), reverse=True)
            if (light + 0.05) / (dark + 0.05) < 4.5 and role != "mark":
                poor.append((ground, role, round((light + 0.05) / (dark + 0.05), 2)))
    assert poor == []


def test_no_colour_has_none_and_tells_the_urgent_states_apart() -> None:
    for ground in palette.GROUNDS:
        for role in ROLES:
            style = theme.NONE.style(role, ground)
            assert style.color is None and style.bgcolor is None
    looks = {state: str(theme.NONE.style(f"chip.{state}")) for state in STATES}
    assert "reverse" in looks["over"]
    assert looks["now"] == "bold underline"
    assert "dim" in looks["stopped"]
    assert "reverse" in str(theme.NONE.style("row", "selected"))


def test_words_on_the_selected_row_are_legible_in_sixteen_colours() -> None:
    """Cyan and red are too near to the grey of the row; the state is told by its word."""
    for role in ("chip.fine", "bad", "accent", "key", "title"):
        style = theme.A16.style(role, "selected")
        assert style.color is not None and style.color.name == "bright_white", role
        assert style.bgcolor is not None and style.bgcolor.name == "bright_black", role


def test_sixteen_colours_are_named_ones() -> None:
    for name, style in theme.A16.roles.items():
        assert "#" not in style and "color(" not in style, name
    assert "red" in str(theme.A16.style("chip.over"))
    assert "yellow" in str(theme.A16.style("chip.now"))
