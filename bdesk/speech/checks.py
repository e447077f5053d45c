"""Texts for what the rules refuse: identity checks, closing a case, filling a letter."""

MESSAGES: dict[str, str] = {
    "verification.short": "That is not enough to verify {level}. Ask for one more detail.",
    "verification.no_value": "Codes and documents are never given to the desk; "
    "the customer hands them in to the system.",
    "close.no_outcome": "The case has no outcome yet. Choose one, then close it.",
    "close.not_told": "The customer has not been told. "
    "Send the result, or log the call, then close the case.",
    "close.clock_running": "A clock of the desk still runs. "
    "Finish or stop what it measures, then close the case.",
    "close.review_open": (
        "The customer asked for another look and has no answer yet. "
        "Answer the request for review, then close it."
    ),
    "close.promise_open": (
        "What was promised by hand is late and not done. Note it as done (F6), then close the case."
    ),
    "close.effect_held": "Something is still waiting to be sent. Close the case in a moment.",
    "close.effect_unknown": (
        "An answer from outside is still missing. Wait: the case stays open until it is known."
    ),
    "letter.open_slot": (
        "Letter {letter} was not written: {slot} is empty. Fill it in, or raise the case (F7)."
    ),
    "letter.unknown_slot": (
        "Letter {letter} was not written: it has no place for {slot}. Raise the case (F7)."
    ),
    "letter.bad_slot": "Letter {letter} was not written: {slot} must be of type {type}. Raise the case (F7).",
}
