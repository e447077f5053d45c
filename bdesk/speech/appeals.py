"""Texts for appeals (P5): what they refuse, and their lines in the strip and the timeline."""

MESSAGES: dict[str, str] = {
    "appeal.touched": (
        "You had a hand in what is contested on {case_no}. Nothing was done: pass it on to somebody else."
    ),
    "appeal.not_granted": (
        "No result of {case_no} grants anything yet. Nothing was paid: go on to the decision first."
    ),
    "appeal.decided": "{case_no} was decided already by {by}. Nothing was done twice: read the case again.",
    "appeal.late": "{case_no} came after its last day. A supervisor may admit it: ask for it.",
    "appeal.undecided": "{number} has no result yet, so there is nothing to contest. Tell how it stands.",
    "appeal.unknown_case": "There is no earlier case {number}. Check the number, or look by the order.",
    "appeal.other_customer": "{number} belongs to another customer. Check the number.",
    "appeal.contested_already": "{number} is linked already. Go on with the appeal.",
    "appeal.no_level": (
        "{case_no} was at the highest level. Tell the customer about 12315 and the consumers' association."
    ),
    "reapply.none_left": "{case_no} was applied for again {most} times already. Offer an appeal instead.",
    "action.appeal_admission": "appeal not admitted, or late",
    "effect.appeal.feedback": "preliminary answer",
    "strip.appeal.contest": "link {case_no}",
    "strip.appeal.admit": "admit the appeal",
    "strip.appeal.refuse": "do not admit the appeal",
    "strip.appeal.feedback": "preliminary feedback",
    "strip.appeal.extend": "extend the final result",
    "strip.appeal.common": "flag a common problem",
    "strip.appeal.decide": "decide the appeal",
    "strip.appeal.settle": "take up the mediated result",
    "strip.appeal.next": "open the next level",
    "strip.appeal.pack": "make the evidence pack",
    "event.case.packed": "Evidence pack made",
    "act.case.packed": "evidence pack made",
    "case.packed": "The evidence pack of {case_no} is made.",
    "pack.file_exists": "{file} is there already. Name another file.",
    "pack.not_written": "{file} was not written: {reason}. Name another place.",
    "pack.written": "Written to {file}, SHA-256 {sha256}.",
    "role.cannot_pack": "Records are handed out by a supervisor or above. Raise the case (F7).",
    "strip.appeal.outside": "record the outside body",
    "event.case.contests": "Contests {case}",
    "event.appeal.admitted": "Appeal admitted",
    "event.appeal.outside": "An outside body has the matter",
    "act.case.contests": "contested case linked",
    "act.appeal.admitted": "appeal admitted",
    "act.appeal.outside": "outside body recorded",
}
