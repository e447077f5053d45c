"""The case screen's page: snapshot, timeline and notes."""

from pathlib import Path

from bdesk.data.queries.case import case_page
from tests.builders import T0, event, make_store, open_case, person


def test_a_case_page_has_its_timeline_and_notes(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    agent = person(store, "1001")
    case_id = open_case(store, owner=agent, description="壶底裂了")
    with store.write("1001") as unit:
        row, digest = unit.text(case_id, "note", "客户很着急")
        noted = unit.on_case(unit.case(case_id), "note.added", {"text": row.id, "digest": digest})
        unit.commit()
    with store.read() as session:
        page = case_page(session, case_id, agent, T0, entries=2)
    assert [one.kind for one in page.timeline] == ["note.added", "clock.attached"]
    assert page.timeline[0].text == "客户很着急"
    assert page.more
    assert [note.body for note in page.notes] == ["客户很着急"]
    event(store, case_id, "undone", {"of": noted.id})
    with store.read() as session:
        page = case_page(session, case_id, agent, T0)
    assert [one.voided for one in page.timeline] == [False, True, False, False]
    assert page.timeline[-1].text == "壶底裂了"
    assert not page.more
    store.close()
