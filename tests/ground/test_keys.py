import pytest
from textual.keys import _character_to_key

from bdesk import keys
from bdesk.i18n import translate
from bdesk.keys import Context
from bdesk.speech import MESSAGES

ALL = [name for key in keys.KEYS for name in key.all_keys]


def test_ids_are_unique_and_begin_with_their_context() -> None:
    assert len(keys.BY_ID) == len(keys.KEYS)
    for key in keys.KEYS:
        assert key.id.startswith(f"{key.context}.")


@pytest.mark.parametrize("name", sorted(set(ALL)))
def test_no_reserved_key_is_bound(name: str) -> None:
    assert not keys.is_reserved(name)


def test_what_is_reserved() -> None:
    for name in ("ctrl+a", "ctrl+c", "ctrl+w", "f11", "shift+enter", "alt+1", "ctrl+left_square_bracket"):
        assert keys.is_reserved(name)
    assert not keys.is_reserved("ctrl+z")


@pytest.mark.parametrize("context", list(Context))
def test_no_two_ids_of_a_context_share_a_key(context: Context) -> None:
    assert keys.clashes(context) == ()


@pytest.mark.parametrize("key", [key for key in keys.KEYS if key.instead_of], ids=lambda key: key.id)
def test_a_replacement_has_the_keys_of_what_it_replaces(key: keys.Key) -> None:
    assert key.instead_of is not None
    assert key.all_keys == keys.BY_ID[key.instead_of].all_keys
    assert key.priority == keys.BY_ID[key.instead_of].priority


def test_every_task_can_be_done_without_letters() -> None:
    for key in keys.KEYS:
        assert any(len(name) > 1 or name.isdigit() for name in key.keys), key.id
        assert all(not name.isalpha() for name in key.keys if len(name) == 1), key.id


def test_letters_never_take_priority_over_a_field() -> None:
    for key in keys.KEYS:
        if key.priority:
            assert keys.split_layers(key.keys) == (key.keys, ()), key.id


def test_f8_is_there_by_name_only() -> None:
    assert keys.BY_ID["desk.commit"].all_keys == ("f8",)
    for context in Context:
        assert [key.id for key in keys.bindings(context) if "f8" in key.all_keys] == ["desk.commit"]


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("minus", "－"),
        ("equals_sign", "＝"),
        ("grave_accent", "·"),
        ("1", "１"),
        ("question_mark", "？"),
        ("colon", "："),
        ("q", "ｑ"),
        ("space", "\u3000"),
        ("slash", "、"),
        ("full_stop", "。"),
    ],
)
def test_twins_are_named_as_textual_names_them(key: str, typed: str) -> None:
    assert _character_to_key(typed) in keys.twins(key)


@pytest.mark.parametrize("typed", ["-", "=", "`", "?", ":", "/", ".", ",", " ", "q", "Q", "7"])
def test_a_key_is_understood_as_people_write_it(typed: str) -> None:
    assert keys.key_name(typed) == _character_to_key(typed)
    assert keys.shown(keys.key_name(typed)) == {" ": "Space"}.get(typed, typed)


def test_names_of_keys() -> None:
    assert [keys.key_name(name) for name in ("F9", "Ctrl+Z", "Esc", "+")] == ["f9", "ctrl+z", "escape", "+"]
    assert [keys.shown(name) for name in ("f9", "ctrl+z", "escape", "f")] == ["F9", "Ctrl+Z", "Esc", "f"]


@pytest.mark.parametrize("context", list(Context))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_footer_has_ten_places_and_fits_80_columns(context: Context, language: str) -> None:
    slots = keys.footer(context)
    assert [slot.shown for slot in slots] == [f"F{number}" for number in range(1, 11)]
    words = [translate(language, slot.short) for slot in slots]
    cells = sum(2 if ord(character) > 0x2E80 else 1 for word in words for character in word)
    assert cells + sum(len(slot.shown) for slot in slots) + len(slots) - 1 <= 80


def test_footer_words_follow_the_screen() -> None:
    assert keys.label(Context.QUEUE, "f5") == "Call"
    assert keys.label(Context.CASE, "f5") == "Note"
    assert keys.label(Context.CASE, "fullwidth_question_mark") == "Help"
    assert keys.label(Context.CASE, "f12") is None


def test_a_moved_key_moves_what_stands_in_its_place() -> None:
    keymap = {"desk.note": ("f6",), "desk.park": ("f5", "p")}
    assert keys.check_keymap(keymap) == ()
    assert keys.keys_for("queue.call", keymap) == ("f6",)
    assert [slot.shown for slot in keys.footer(Context.QUEUE, keymap)][4:6] == ["F6", "F5"]
    assert keys.label(Context.CASE, "f5", keymap) == "Park"


@pytest.mark.parametrize(
    ("keymap", "code"),
    [
        ({"desk.nothing": ("x",)}, "keymap.unknown"),
        ({"desk.commit": ("x",)}, "keymap.fixed"),
        ({"desk.choose_1": ("x",)}, "keymap.fixed"),
        ({"desk.take": ("ctrl+w",)}, "keymap.reserved"),
        ({"desk.take": ("alt+1",)}, "keymap.reserved"),
        ({"desk.take": ("f2",)}, "keymap.clash"),
        ({"desk.take": ("1",)}, "keymap.clash"),
        ({"desk.take": ("f8",)}, "keymap.clash"),
        ({"desk.take": ()}, "keymap.empty"),
    ],
)
def test_a_bad_map_is_refused(keymap: dict[str, tuple[str, ...]], code: str) -> None:
    problems = keys.check_keymap(keymap)
    assert code in {problem.code for problem in problems}
    for problem in problems:
        assert problem.id in keymap
        assert problem.code in MESSAGES
        MESSAGES[problem.code].format(**problem.params)
