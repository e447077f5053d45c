"""`bdesk clock due`: the document for programs, the table for people, refusals in one line."""

import json
import subprocess
import sys

import pytest

from bdesk.cli import main
from bdesk.cli.clock import explain_lines
from bdesk.i18n import set_language
from bdesk.rules.clock import Line


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["clock", "due", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_document_of_the_refund_review(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--clock", "refund_review", "--from", "2026-09-30T16:30+08:00", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "due_at": "2026-10-01T16:30:00+08:00",
        "segments": [
            {
                "kind": "ran",
                "from": "2026-09-30T16:30:00+08:00",
                "to": "2026-10-01T16:30:00+08:00",
                "counted": 86400,
                "name": None,
            }
        ],
        "provisional": False,
    }


@pytest.mark.parametrize(
    ("arguments", "due_at", "provisional"),
    [
        (("--clock", "appeal_preliminary"), "2026-10-14T00:00:00+08:00", False),
        (("--clock", "return_window", "--set", "window_days=14"), "2026-10-15T00:00:00+08:00", False),
        (("--clock", "unfreeze_decision", "--set", "risk=high"), "2026-10-11T00:00:00+08:00", False),
        (("--clock", "regulator", "--set", "letter_date=2026-10-20"), "2026-10-21T00:00:00+08:00", False),
    ],
)
def test_due_times(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], due_at: str, provisional: bool
) -> None:
    code, out, _ = run(capsys, *arguments, "--from", "2026-09-30T08:30Z", "--json")
    document = json.loads(out)
    assert (code, document["due_at"], document["provisional"]) == (0, due_at, provisional)


def test_the_new_year_is_provisional_and_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--clock", "resolution", "--from", "2026-12-30T16:30+08:00")
    code, out, _ = run(capsys, *arguments, "--json")
    assert (code, json.loads(out)["provisional"]) == (0, True)
    _, out, _ = run(capsys, *arguments)
    assert "Provisional: working days after 2026-12-31" in out
    assert "Due 2027/1/5 24:00" in out


def test_the_table_for_people_names_days_in_their_language(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--clock", "appeal_preliminary", "--from", "2026-09-30T16:30+08:00")
    _, english, _ = run(capsys, *arguments)
    assert "National Day" in english
    assert "make-up working day" in english
    assert "Due 10/13 24:00" in english
    set_language("zh")
    _, chinese, _ = run(capsys, *arguments)
    assert "国庆节" in chinese
    assert "调休上班" in chinese
    assert "10月13日 24:00 到期" in chinese


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--clock", "no_such", "--from", "2026-09-30T16:30+08:00"), "no clock no_such"),
        (("--clock", "promise", "--from", "2026-09-30T16:30"), "2026-09-30T16:30"),
        (("--clock", "promise", "--from", "tomorrow"), "tomorrow"),
        (("--clock", "promise", "--from", "9999-12-31T23:59+08:00"), "no time to start from"),
        (("--clock", "promise", "--from", "2026-09-30T16:30+08:00", "--set", "by"), "NAME=VALUE"),
        (("--clock", "promise", "--from", "2026-09-30T16:30+08:00", "--set", "x=1"), "no setting x"),
        (
            ("--clock", "return_window", "--from", "2026-09-30T16:30Z", "--set", "window_days=0"),
            "window_days",
        ),
    ],
)
def test_refusals_are_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_the_host_may_stand_in_another_zone() -> None:
    program = (
        "from bdesk.cli import main; "
        "main(['clock','due','--clock','appeal_preliminary','--from','2026-09-30T16:30+08:00','--json'])"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"TZ": zone, "PATH": "", "HOME": "/nonexistent", "BDESK_HOME": "/nonexistent"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for zone in ("Asia/Shanghai", "America/New_York", "Pacific/Kiritimati")
    }
    (answer,) = answers
    assert json.loads(answer)["due_at"] == "2026-10-14T00:00:00+08:00"


def test_the_module_loads_nothing_heavy() -> None:
    program = (
        "import sys, bdesk.cli.clock; "
        "print([m for m in ('sqlmodel', 'textual', 'ruamel.yaml', 'chinese_calendar') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_explanation_is_said_in_the_language_in_use() -> None:
    lines = [Line("clock.line.start", {"at": "9月30日 16:30"})]
    set_language("zh")
    assert explain_lines(lines) == ["9月30日 16:30 起算"]
