"""The words for the closed lists of the clocks: English here, Chinese in the catalogue."""

from collections.abc import Mapping
from enum import StrEnum

from bdesk.i18n import N_
from bdesk.models import clock_kinds

CLOCK_WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    clock_kinds.Counting: {
        "HOURS": N_("clock hours"),
        "WORKING_HOURS": N_("working hours"),
        "WORKING_DAYS": N_("working days"),
        "CALENDAR_DAYS": N_("calendar days"),
    },
    clock_kinds.Unit: {
        "MINUTES": N_("minutes"),
        "HOURS": N_("hours"),
        "DAYS": N_("days"),
    },
    clock_kinds.Drives: {
        "DESK": N_("sorts the queue"),
        "FACT": N_("for information"),
    },
    clock_kinds.RunState: {
        "RUNNING": N_("running"),
        "PAUSED": N_("stopped"),
        "STOPPED": N_("ended"),
        "CANCELLED": N_("cancelled"),
    },
    clock_kinds.Outcome: {
        "OPEN": N_("open"),
        "MET": N_("met"),
        "BREACHED": N_("overdue"),
    },
    clock_kinds.SlaState: {
        "OVER": N_("OVR"),
        "NOW": N_("NOW"),
        "DUE": N_("DUE"),
        "FINE": N_("OK"),
        "STOPPED": N_("WAIT"),
    },
    clock_kinds.PauseReason: {
        "CUSTOMER_MATERIAL": N_("waiting for the customer's material"),
        "CUSTOMER_IDENTITY": N_("waiting for the customer's proof of identity"),
        "CUSTOMER_ANSWER": N_("waiting for the customer's answer"),
        "COURIER": N_("waiting for the courier"),
        "BANK": N_("waiting for the bank"),
        "WAREHOUSE": N_("goods on their way to the warehouse"),
        "INSPECTION": N_("waiting for the inspection"),
        "AUTHORITY": N_("waiting for an authority"),
        "EXTERNAL": N_("waiting for an outside body"),
    },
    clock_kinds.ResumeReason: {
        "CUSTOMER": N_("the customer answered"),
        "AGENT": N_("started again by hand"),
        "RESUME_AT": N_("the date was reached"),
        "PAUSE_CAP": N_("no more stopping allowed"),
        "REPLACED": N_("another stop took its place"),
        "ENDED": N_("the clock ended"),
    },
    clock_kinds.EndReason: {
        "FULFILLED": N_("done"),
        "SUPERSEDED": N_("replaced by a new clock"),
        "MERGED": N_("case merged"),
        "METRIC_DROPPED": N_("no longer measured"),
        "WITHDRAWN": N_("withdrawn by the customer"),
        "NO_CONTACT": N_("customer cannot be reached"),
        "NO_REPLY_NEEDED": N_("no reply needed"),
        "CLOSED": N_("case closed"),
        "CANCELLED": N_("cancelled"),
    },
    clock_kinds.OnClose: {
        "FULFIL": N_("ends as done"),
        "CANCEL": N_("is cancelled"),
        "KEEP": N_("runs on"),
    },
    clock_kinds.SegmentKind: {
        "RAN": N_("counts"),
        "PAUSED": N_("stopped"),
        "DAY_ZERO": N_("day of the event"),
        "WEEKEND": N_("weekend"),
        "HOLIDAY": N_("holiday"),
        "CLOSED": N_("outside open hours"),
        "MOVED": N_("moved on"),
        "EXTENDED": N_("extended"),
    },
}
