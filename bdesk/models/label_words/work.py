"""The words for the closed lists of contacts, evidence, departments, checks and what is sent."""

from collections.abc import Mapping
from enum import StrEnum

from bdesk.i18n import N_
from bdesk.models.kinds import work

WORDS: Mapping[type[StrEnum], Mapping[str, str]] = {
    work.ContactKind: {
        "CALL": N_("call"),
        "MESSAGE": N_("message"),
        "EMAIL": N_("e-mail"),
        "FORM": N_("form"),
        "VISIT": N_("visit"),
    },
    work.Direction: {
        "INBOUND": N_("incoming"),
        "OUTBOUND": N_("outgoing"),
    },
    work.EvidenceKind: {
        "ORDER_RECORD": N_("order record"),
        "TRANSACTION_RECORD": N_("transaction record"),
        "PHOTO": N_("photo"),
        "VIDEO": N_("video"),
        "INVOICE": N_("invoice"),
        "CONFIRMATION_MAIL": N_("confirmation mail"),
        "PAYMENT_SCREENSHOT": N_("payment screenshot"),
        "CHAT_RECORD": N_("chat record"),
        "CALL_RECORDING": N_("call recording"),
        "PROBLEM_SCREENSHOT": N_("problem screenshot"),
        "OTHER_CONSUMERS": N_("other consumers"),
        "EXPERT_OPINION": N_("expert opinion"),
        "OTHER_DOCUMENT": N_("other document"),
        "STATEMENT": N_("statement"),
        "WAYBILL_LABEL": N_("waybill label"),
        "TEST_REPORT": N_("test report"),
        "ID_DOCUMENT": N_("identity document"),
        "GUARDIANSHIP": N_("proof of guardianship"),
        "POLICE_RECEIPT": N_("police receipt"),
        "HANDHELD": N_("photo holding the document"),
        "POWER_OF_ATTORNEY": N_("power of attorney"),
    },
    work.Department: {
        "WAREHOUSE": N_("warehouse"),
        "MERCHANT": N_("merchant"),
        "COURIER": N_("courier"),
        "PAYMENT": N_("payments"),
        "TECHNICAL": N_("technical"),
        "RISK": N_("risk"),
        "AFTER_SALE": N_("after-sales"),
        "APPEALS": N_("appeals"),
    },
    work.TaskState: {
        "OPEN": N_("open"),
        "ANSWERED": N_("answered"),
        "CANCELLED": N_("cancelled"),
    },
    work.VerificationLevel: {
        "V0": N_("V0 none"),
        "V1": N_("V1 basic"),
        "V2": N_("V2 account"),
        "V3": N_("V3 with code"),
        "V3P": N_("V3+ with documents"),
    },
    work.Factor: {
        "ACCOUNT": N_("account"),
        "RECENT_AMOUNT": N_("recent amount"),
        "PHONE_TAIL": N_("phone tail"),
        "ORDER_NO": N_("order number"),
        "SURNAME": N_("surname"),
        "CITY": N_("city"),
        "PURCHASE_DATE": N_("purchase date"),
        "CASE_NO": N_("case number"),
        "ONE_TIME_CODE": N_("one-time code"),
        "DOCUMENT": N_("documents"),
    },
    work.CheckResult: {
        "PASSED": N_("passed"),
        "FAILED": N_("not passed"),
        "TIMED_OUT": N_("timed out"),
        "LOCKED": N_("locked"),
    },
    work.ApprovalState: {
        "REQUESTED": N_("requested"),
        "APPROVED": N_("approved"),
        "REFUSED": N_("refused"),
        "RETURNED": N_("sent back with a question"),
        "LAPSED": N_("lapsed"),
        "WITHDRAWN": N_("withdrawn"),
    },
    work.NotificationChannel: {
        "EMAIL": N_("e-mail"),
        "SMS": N_("text message"),
        "PHONE": N_("telephone"),
    },
    work.DeliveryState: {
        "HELD": N_("held"),
        "RELEASED": N_("on its way"),
        "ACCEPTED": N_("delivered"),
        "FAILED": N_("failed"),
        "UNKNOWN": N_("result unknown"),
        "RECALLED": N_("recalled"),
    },
    work.ShiftState: {
        "OFFERED": N_("waits to be accepted"),
        "ACCEPTED": N_("accepted"),
        "DECLINED": N_("declined"),
        "TAKEN_BACK": N_("taken back"),
        "DROPPED": N_("dropped out"),
    },
    work.PromiseState: {
        "OPEN": N_("open"),
        "KEPT": N_("kept"),
        "BROKEN": N_("broken"),
        "CANCELLED": N_("cancelled"),
    },
    work.RevealReason: {
        "CALL_BACK": N_("the customer must be called"),
        "RECORDS": N_("what is on record is in doubt"),
        "AUTHORITY": N_("an authority or a court asks"),
        "FRAUD": N_("fraud is looked into"),
    },
}
