"""Causes of delay, substitutes, goods sent back; more outcomes and flags of a case; how long to pay; the
day that an answer of a department names; pieces taken off an order; the clock and the topic of a promise;
which task kinds and evidence rules a case is on; more kinds of evidence
and of contacts.

Revision: 0002
Before it: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OUTCOMES = (
    "approved_full approved_partial rejected withdrawn converted merged no_order found answered "
    "handed_off solved no_contact forwarded"
)
_MORE_OUTCOMES = "in_time compensated substituted repay exchanged repaired"
_STATES = "online break away after_call offline"
_MORE_STATES = "online break away after_call training offline"
_APPEAL_OUTCOMES = "upheld partly_upheld not_upheld not_admitted settled_externally"
_WALLET_OUTCOMES = "judicial kept_frozen"
_EVIDENCE = (
    "order_record transaction_record photo video invoice confirmation_mail payment_screenshot "
    "chat_record call_recording problem_screenshot other_consumers expert_opinion "
    "other_document statement waybill_label test_report id_document guardianship police_receipt"
)
_DOCUMENTS = "handheld power_of_attorney"
_CONTACTS = "call message email form visit"
_FLAGS = "vip minor elderly public regulator fraud repeat abusive letter_failed payment_unknown"
_MORE_FLAGS = "promise_broken data_gap common_problem"


def _enum(name: str, values: str) -> sa.Enum:
    return sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=32)


DELAYCAUSE = _enum(
    "delaycause", "out_of_stock warehouse presale address merchant payment risk_hold weather fake_shipment"
)
FREIGHTPAYER = _enum("freightpayer", "shop customer")
INSPECTION = _enum("inspection", "ok used damaged wrong_item missing_parts")
REFUNDSTATE = _enum("refundstate", "held released accepted arrived failed unknown recalled")
SHIFTSTATE = _enum("shiftstate", "offered accepted declined taken_back dropped")
RETURNKIND = _enum("returnkind", "return exchange repair")


def _closed_list(table: str, column: str, name: str, values: str) -> None:
    """Let a column hold these values and no others."""
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        written = ", ".join(f"'{value}'" for value in values.split())
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), f"{column} IN ({written})")


def upgrade() -> None:
    outcomes = f"{_OUTCOMES} {_MORE_OUTCOMES} {_APPEAL_OUTCOMES} {_WALLET_OUTCOMES}"
    _closed_list("work_case", "outcome", "caseoutcome", outcomes)
    _closed_list("decision", "outcome", "caseoutcome", outcomes)
    _closed_list("case_flag", "flag", "caseflag", f"{_FLAGS} {_MORE_FLAGS}")
    _closed_list("staff", "state", "personstate", _MORE_STATES)
    _closed_list("evidence", "kind", "evidencekind", f"{_EVIDENCE} {_DOCUMENTS}")
    _closed_list("contact", "kind", "contactkind", f"{_CONTACTS} review")
    op.add_column("shop_order", sa.Column("pay_by", sa.DateTime(timezone=True), nullable=True))
    pieces = sa.Column("cancelled", sa.Integer(), nullable=False, server_default="0")
    op.add_column("order_item", pieces)
    op.add_column("work_case", sa.Column("tasks_version", sa.String(length=64), nullable=True))
    op.add_column("work_case", sa.Column("evidence_version", sa.String(length=64), nullable=True))
    op.add_column("department_task", sa.Column("finding_on", sa.Date(), nullable=True))
    op.add_column("department_task", sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("promise", sa.Column("clock", sa.String(length=32), nullable=True))
    op.add_column("promise", sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("promise", sa.Column("cycle", sa.Integer(), nullable=True))
    op.add_column("promise", sa.Column("topic", sa.String(length=64), nullable=True))
    # Nothing leaves a wallet for a day after account data were let change (P8)
    op.add_column("wallet", sa.Column("outgoing_limited_until", sa.DateTime(timezone=True), nullable=True))
    # --- the e-mail before a change: letters go there while it is fresh
    op.add_column("customer", sa.Column("previous_email", sa.String(length=128), nullable=True))
    op.create_index("ix_department_task_due", "department_task", ["state", "due_at"], unique=False)
    untold = ["state", "overdue_at", "due_at"]
    op.create_index("ix_department_task_untold", "department_task", untold, unique=False)
    op.create_table(
        "order_delay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("cause", DELAYCAUSE, nullable=False),
        sa.Column("eta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_order_delay_case_id")),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_order_delay_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_delay")),
    )
    op.create_index(op.f("ix_order_delay_case_id"), "order_delay", ["case_id"], unique=False)
    op.create_index(op.f("ix_order_delay_order_id"), "order_delay", ["order_id"], unique=False)
    op.create_table(
        "substitution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("diff_fen", sa.Integer(), nullable=False),
        sa.Column("state", REFUNDSTATE, nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("price_fen >= 0", name=op.f("ck_substitution_price_fen_not_negative")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_substitution_quantity_not_negative")),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_substitution_case_id")),
        sa.ForeignKeyConstraint(["item_id"], ["order_item.id"], name=op.f("fk_substitution_item_id")),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_substitution_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    for column in ("case_id", "item_id", "order_id"):
        op.create_index(op.f(f"ix_substitution_{column}"), "substitution", [column], unique=False)
    op.create_table(
        "goods_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("kind", RETURNKIND, nullable=False),
        sa.Column("freight", FREIGHTPAYER, nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=16), nullable=False),
        sa.Column("send_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carrier", sa.String(length=32), nullable=True),
        sa.Column("waybill", sa.String(length=40), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inspection", INSPECTION, nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("inspected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("estimate_fen", sa.Integer(), nullable=True),
        sa.Column("estimate_agreed", sa.Boolean(), nullable=True),
        sa.Column("new_sku", sa.String(length=64), nullable=True),
        sa.Column("new_carrier", sa.String(length=32), nullable=True),
        sa.Column("new_waybill", sa.String(length=40), nullable=True),
        sa.Column("new_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("estimate_fen >= 0", name=op.f("ck_goods_return_estimate_fen_not_negative")),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_goods_return_case_id")),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_goods_return_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_return")),
        sa.UniqueConstraint("case_id", "cycle", name=op.f("uq_goods_return_case_id_cycle")),
    )
    for column in ("case_id", "order_id", "waybill"):
        op.create_index(op.f(f"ix_goods_return_{column}"), "goods_return", [column], unique=False)
    _kept_sign_ins()
    # The supervisor's board.
    op.create_index("ix_work_case_raised", "work_case", ["escalated_to", "open", "id"], unique=False)
    _people()
    _shifts()
    _relatives()


def _relatives() -> None:
    op.create_table(
        "staff_relative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_staff_relative_customer_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_relative_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_relative")),
        sa.UniqueConstraint("staff_id", "customer_id", name=op.f("uq_staff_relative_staff_id_customer_id")),
    )
    op.create_index(op.f("ix_staff_relative_staff_id"), "staff_relative", ["staff_id"], unique=False)


def _people() -> None:
    op.add_column("staff", sa.Column("signed_out", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "stand_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("role", _enum("role", "agent senior supervisor manager risk admin"), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by", sa.String(length=16), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_stand_in_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in")),
    )
    op.create_index(op.f("ix_stand_in_staff_id"), "stand_in", ["staff_id"], unique=False)


def _shifts() -> None:
    op.create_index("ix_promise_mine", "promise", ["made_by", "state", "due_at"], unique=False)
    op.create_table(
        "shift_handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("packed_by", sa.String(length=16), nullable=False),
        sa.Column("receiver", sa.String(length=16), nullable=True),
        sa.Column("group_code", sa.String(length=32), nullable=True),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_handover")),
    )
    op.create_table(
        "shift_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=True),
        sa.Column("state", SHIFTSTATE, nullable=False),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_shift_item_case_id")),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["shift_handover.id"], name=op.f("fk_shift_item_handover_id")
        ),
        sa.ForeignKeyConstraint(["text_id"], ["case_text.id"], name=op.f("fk_shift_item_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_item")),
        sa.UniqueConstraint("handover_id", "case_id", name=op.f("uq_shift_item_handover_id_case_id")),
    )
    op.create_index(op.f("ix_shift_item_case_id"), "shift_item", ["case_id"], unique=False)
    op.create_index("ix_shift_item_open", "shift_item", ["state", "handover_id"], unique=False)


def _kept_sign_ins() -> None:
    op.create_table(
        "kept_sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("machine", sa.String(length=64), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_kept_sign_in_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_sign_in")),
        sa.UniqueConstraint("digest", name=op.f("uq_kept_sign_in_digest")),
    )
    op.create_index(op.f("ix_kept_sign_in_staff_id"), "kept_sign_in", ["staff_id"], unique=False)
    op.create_table(
        "staff_team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["staff_group.id"], name=op.f("fk_staff_team_group_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_team_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_team")),
        sa.UniqueConstraint("staff_id", "group_id", name=op.f("uq_staff_team_staff_id_group_id")),
    )
    op.create_index(op.f("ix_staff_team_staff_id"), "staff_team", ["staff_id"], unique=False)


def downgrade() -> None:
    op.drop_table("staff_relative")
    op.drop_index("ix_promise_mine", "promise")
    op.drop_table("shift_item")
    op.drop_table("shift_handover")
    op.drop_table("stand_in")
    with op.batch_alter_table("staff") as batch:
        batch.drop_column("signed_out")
    op.drop_index("ix_work_case_raised", table_name="work_case")
    op.drop_table("staff_team")
    with op.batch_alter_table("wallet") as batch:
        batch.drop_column("outgoing_limited_until")
    with op.batch_alter_table("customer") as batch:
        batch.drop_column("previous_email")
    op.drop_table("kept_sign_in")
    for table in ("goods_return", "substitution", "order_delay"):
        op.drop_table(table)
    op.drop_index("ix_department_task_untold", table_name="department_task")
    op.drop_index("ix_department_task_due", table_name="department_task")
    with op.batch_alter_table("department_task") as batch:
        batch.drop_column("overdue_at")
        batch.drop_column("finding_on")
    with op.batch_alter_table("order_item") as batch:
        batch.drop_column("cancelled")
    with op.batch_alter_table("work_case") as batch:
        for column in ("evidence_version", "tasks_version"):
            batch.drop_column(column)
    with op.batch_alter_table("promise") as batch:
        for column in ("topic", "cycle", "number", "clock"):
            batch.drop_column(column)
    with op.batch_alter_table("shop_order") as batch:
        batch.drop_column("pay_by")
    _closed_list("contact", "kind", "contactkind", _CONTACTS)
    _closed_list("evidence", "kind", "evidencekind", _EVIDENCE)
    _closed_list("staff", "state", "personstate", _STATES)
    _closed_list("case_flag", "flag", "caseflag", _FLAGS)
    _closed_list("decision", "outcome", "caseoutcome", _OUTCOMES)
    _closed_list("work_case", "outcome", "caseoutcome", _OUTCOMES)
