"""A firm's own procedures: new cases take them, open cases stay on theirs, the command line shows them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bdesk.cli import main
from bdesk.data.book.book import forget, load_book
from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.kinds import CaseKind, Channel, Role
from bdesk.models.tables import Case
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.context import Context
from bdesk.operations.opening import NewCase, open_case
from bdesk.operations.standing import Standing, standing
from bdesk.operations.walking import answer
from bdesk.rules.walk.views import Offer, OptionView
from tests.builders import context, customer, make_store, person

pytestmark = pytest.mark.usefixtures("parsed")

PACKAGED = Path(__file__).parents[3] / "bdesk" / "data" / "book" / "procedures" / "general.yaml"
LABEL = ("{zh: 记便签, en: Note}", "{zh: 写便签, en: Write a note}")
GUARD = (
    "        label: {zh: 升级主管, en: Raise to a supervisor}\n",
    "        label: {zh: 升级主管, en: Raise to a supervisor}\n"
    "        guard: {fact: actor.role, op: ne, value: agent}\n"
    "        why: {zh: 先问资深, en: Ask a senior first}\n",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    forget()
    with make_store(tmp_path) as store:
        yield store
    forget()


def own(home: Path, *changes: tuple[str, str]) -> Path:
    text = PACKAGED.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = home / "book" / "procedures" / "general.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def opened(ctx: Context, buyer: int) -> int:
    new = NewCase(kind=CaseKind.LOGIN, channel=Channel.APP_CHAT, customer_id=buyer, subject="登录不了")
    case_id = open_case(ctx, new).case_id
    assert case_id is not None
    return case_id


def stands(store: Store, ctx: Context, case_id: int) -> Standing:
    with store.read() as session:
        return standing(session, ctx, case_id, ctx.now())


def option(stand: Standing, code: str) -> OptionView:
    assert stand.walk.current is not None
    return next(one for one in stand.walk.current.options if one.code == code)


def version(store: Store, case_id: int) -> int:
    with store.read() as session:
        return session.get_one(Case, case_id).version


def test_new_cases_take_own_files_and_open_ones_stay(store: Store, own_home: Path) -> None:
    agent: ActorView = person(store, "1001", role=Role.AGENT)
    buyer = customer(store)
    (own_home / "book").mkdir()
    before = context(store, agent)
    old = opened(before, buyer)
    own(own_home, LABEL, GUARD)
    assert load_book() is before.book, "a changed file counts from the next start"
    forget()
    after = context(store, agent)
    new = opened(after, buyer)

    assert option(stands(store, after, new), "note").label.en == "Write a note"
    assert option(stands(store, after, old), "note").label.en == "Note"
    refused = option(stands(store, after, new), "raise")
    assert refused.offer is Offer.REFUSED
    assert refused.why is not None
    assert refused.why.en == "Ask a senior first"
    assert option(stands(store, after, old), "raise").offer is Offer.OFFERED

    with pytest.raises(NotAllowed, match=r"option\.refused"):
        answer(after, new, version(store, new), "handle", "raise", {"text": "客户要求主管"})
    answer(after, old, version(store, old), "handle", "raise", {"text": "客户要求主管"})


def test_an_open_case_outlives_the_file_it_was_opened_with(store: Store, own_home: Path) -> None:
    agent = person(store, "1001", role=Role.AGENT)
    path = own(own_home, LABEL)
    forget()
    case_id = opened(context(store, agent), customer(store))
    path.unlink()
    forget()
    assert option(stands(store, context(store, agent), case_id), "note").label.en == "Write a note"


def test_the_command_line_shows_and_checks_own_files(
    own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = own(own_home, LABEL, GUARD)
    forget()
    assert main(["procedure", "show", "general"]) == 0
    assert "Write a note" in capsys.readouterr().out
    assert main(["procedure", "check", "general", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"procedures": ["general"], "faults": []}
    path.write_text(path.read_text("utf-8").replace("op: ne, value: agent", "op: ne, value: king"), "utf-8")
    forget()
    assert main(["procedure", "check", "general"]) == 1
    assert "king" in capsys.readouterr().out
    path.write_text(path.read_text("utf-8").replace("type: ask", "type: aks", 1), "utf-8")
    forget()
    assert main(["procedure", "check"]) == 2
    told = capsys.readouterr().err
    assert "general.yaml, line" in told
    assert len(told.splitlines()) == 1
