"""Texts for appeals (P5): what they refuse, and their lines in the strip and the timeline."""

MESSAGES: dict[str, str] = {
    "appeal.clause": (
        "The facts contradict that clause. Choose one of those that the step names, or admit it."
    ),
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
    "appeal.other_order": (
        "{number} is about another order than this appeal. Attach that order first, or check the number."
    ),
    "merge.other_appeal": (
        "{case_no} is no appeal about the same order or result. Nothing was merged: leave them apart and "
        "answer each."
    ),
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
    "event.case.packed": "Evidence pack made; as a file: bdesk pack",
    "act.case.packed": "evidence pack made",
    "case.packed": "The evidence pack of {case_no} is made.",
    "pack.file_exists": "{file} is there already. Name another file.",
    "pack.not_written": "{file} was not written: {reason}. Name another place.",
    "pack.written": "Written to {file}, SHA-256 {sha256}.",
    "role.cannot_pack": "Records are handed out by a supervisor or above. Raise the case (F7).",
    "strip.appeal.ask_review": "log the request for review",
    "strip.appeal.answer_review": "answer the request for review",
    "strip.appeal.public": "flag: may go public",
    "event.customer.review_requested": "Customer asks for another look",
    "event.review.answered": "Request for review: {review}",
    "act.customer.review_requested": "request for review",
    "act.review.answered": "review answered",
    "review.stays": "the result stays",
    "review.next": "taken on as the next level",
    "review.left": "left by the customer",
    "appeal.no_review": "No request for review is open on {case_no}. Log it first.",
    "appeal.review_open": "A request for review on {case_no} waits for its answer. Finish that one first.",
    "strip.appeal.outside": "record the outside body",
    "event.case.contests": "Contests {case}",
    "event.appeal.admitted": "Appeal admitted",
    "event.appeal.outside": "An outside body has the matter",
    "act.case.contests": "contested case linked",
    "act.appeal.admitted": "appeal admitted",
    "act.appeal.outside": "outside body recorded",
}
