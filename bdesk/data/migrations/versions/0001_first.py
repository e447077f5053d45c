"""The first tables.

Revision: 0001
Before it: none
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _enum(name: str, values: str) -> sa.Enum:
    return sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=32)


APPROVALSTATE = _enum("approvalstate", "requested approved refused returned lapsed withdrawn")
BOOKKIND = _enum("bookkind", "procedure policy calendar letter")
CASEFLAG = _enum(
    "caseflag", "vip minor elderly public regulator fraud repeat abusive letter_failed payment_unknown"
)
CASEKIND = _enum(
    "casekind",
    "refund wallet_refund shipment_delay payment_failure after_sale appeal unfreeze login "
    "account_change records complaint feedback progress suspicious wallet_limits consultation",
)
CASEOUTCOME = _enum(
    "caseoutcome",
    "approved_full approved_partial rejected withdrawn converted merged no_order found answered "
    "handed_off solved no_contact forwarded",
)
CASESTATE = _enum(
    "casestate",
    "new verifying in_progress waiting_customer waiting_internal waiting_approval in_transit "
    "resolved closed reopened merged withdrawn",
)
CHANNEL = _enum(
    "channel",
    "hotline web_chat app_chat email refund_form after_sale_form wallet_app feedback_form "
    "feedback_center complaint_channel social regulator",
)
CHECKRESULT = _enum("checkresult", "passed failed timed_out locked")
COMPENSATIONKIND = _enum("compensationkind", "coupon wallet")
CONTACTKIND = _enum("contactkind", "call message email form visit")
DELIVERYSTATE = _enum("deliverystate", "held released accepted failed unknown recalled")
DEPARTMENT = _enum("department", "warehouse merchant courier payment technical risk after_sale appeals")
DIRECTION = _enum("direction", "inbound outbound")
DRIVES = _enum("drives", "desk fact")
EVIDENCEKIND = _enum(
    "evidencekind",
    "order_record transaction_record photo video invoice confirmation_mail payment_screenshot "
    "chat_record call_recording problem_screenshot other_consumers expert_opinion "
    "other_document statement waybill_label test_report id_document guardianship police_receipt",
)
FACTOR = _enum(
    "factor",
    "account recent_amount phone_tail order_no surname city purchase_date case_no one_time_code document",
)
FREEZEREASON = _enum(
    "freezereason",
    "frequent_transfers abnormal_login abnormal_frequency fraud_risk user_lock id_expired judicial minor",
)
FREEZESOURCE = _enum("freezesource", "system manual user judicial")
LINKKIND = _enum("linkkind", "previous duplicate appeal_of reapply_of converted_from")
NOTIFICATIONCHANNEL = _enum("notificationchannel", "email sms phone")
ORDERSTATUS = _enum(
    "orderstatus",
    "pending_payment paid to_ship partly_shipped shipped signed finished cancelled refunding "
    "partly_refunded refunded",
)
OUTCOME = _enum("outcome", "open met breached")
PARCELSTATE = _enum(
    "parcelstate", "packed handed_over in_transit out_for_delivery at_station signed refused returned lost"
)
PAYMENTFAILURE = _enum("paymentfailure", "network balance channel limit frozen region card_expired risk")
PAYMENTMETHOD = _enum("paymentmethod", "wallet wechat alipay debit_card credit_card instalment cod")
PAYMENTSTATE = _enum("paymentstate", "none processing failed success closed")
PERSONSTATE = _enum("personstate", "online break away after_call offline")
PROMISESTATE = _enum("promisestate", "open kept broken cancelled")
REFUNDREASON = _enum(
    "refundreason",
    "quality not_received wrong_item missing_item not_as_described duplicate_payment "
    "price_difference no_reason late_shipment minor_purchase unauthorised dissatisfied "
    "returned_goods unshipped_cancel",
)
REFUNDSTATE = _enum("refundstate", "held released accepted arrived failed unknown recalled")
REJECTCODE = _enum(
    "rejectcode",
    "past_deadline condition missing_voucher fraud excluded_class not_paid already_refunded "
    "not_owner duplicate not_admissible",
)
RETURNCLASS = _enum(
    "returnclass", "normal perishable custom digital press confirmed_exclusion activated_electronics"
)
ROLE = _enum("role", "agent senior supervisor manager risk admin")
RUNSTATE = _enum("runstate", "running paused stopped cancelled")
SELLERTYPE = _enum("sellertype", "own third_party")
SIGNEDBY = _enum("signedby", "self other station unknown")
STREAM = _enum("stream", "case staff wallet store")
TASKSTATE = _enum("taskstate", "open answered cancelled")
VERIFICATIONLEVEL = _enum("verificationlevel", "V0 V1 V2 V3 V3+")
WALLETSTATE = _enum("walletstate", "normal limited frozen closed")
WALLETTXKIND = _enum("wallettxkind", "purchase transfer red_packet top_up withdrawal refund")


def upgrade() -> None:  # noqa: PLR0915  one list of tables
    op.create_table(
        "book_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", BOOKKIND, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_text")),
        sa.UniqueConstraint("kind", "code", "version", name=op.f("uq_book_text_kind_code_version")),
    )
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("name_initials", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("phone_tail", sa.String(length=4), nullable=True),
        sa.Column("email", sa.String(length=128), nullable=True),
        sa.Column("province", sa.String(length=32), nullable=True),
        sa.Column("city", sa.String(length=32), nullable=True),
        sa.Column("address", sa.String(length=256), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("vip", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("contact_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("previous_phone", sa.String(length=32), nullable=True),
        sa.Column("verification_locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("account", name=op.f("uq_customer_account")),
    )
    op.create_index(op.f("ix_customer_name_initials"), "customer", ["name_initials"], unique=False)
    op.create_index(op.f("ix_customer_phone"), "customer", ["phone"], unique=False)
    op.create_index(op.f("ix_customer_phone_tail"), "customer", ["phone_tail"], unique=False)
    op.create_table(
        "desk_presence",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("staff", sa.String(length=16), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_presence")),
    )
    op.create_table(
        "door_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_slot")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stream", STREAM, nullable=False),
        sa.Column("stream_id", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=16), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint(
            "stream", "stream_id", "sequence", name=op.f("uq_event_stream_stream_id_sequence")
        ),
    )
    op.create_table(
        "number_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(length=8), nullable=False),
        sa.Column("day", sa.String(length=8), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_series")),
        sa.UniqueConstraint("prefix", "day", name=op.f("uq_number_series_prefix_day")),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("return_class", RETURNCLASS, nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.Column("warranty_days", sa.Integer(), nullable=False),
        sa.Column("substitute_sku", sa.String(length=64), nullable=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("sku", name=op.f("uq_product_sku")),
    )
    op.create_table(
        "staff_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name_zh", sa.String(length=64), nullable=False),
        sa.Column("name_en", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_group")),
        sa.UniqueConstraint("code", name=op.f("uq_staff_group_code")),
    )
    op.create_table(
        "store_info",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.String(length=40), nullable=False),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_anchor", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_base", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_rate", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=True),
        sa.Column("size", sa.String(length=16), nullable=True),
        sa.Column("scenario", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_info")),
    )
    op.create_table(
        "stream",
        sa.Column("stream", STREAM, nullable=False),
        sa.Column("stream_id", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("stream", "stream_id", name=op.f("pk_stream")),
    )
    op.create_table(
        "shop_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("order_no", sa.String(length=32), nullable=False),
        sa.Column("order_tail", sa.String(length=4), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("status", ORDERSTATUS, nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("goods_fen", sa.Integer(), nullable=False),
        sa.Column("coupon_fen", sa.Integer(), nullable=False),
        sa.Column("freight_fen", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.Integer(), nullable=False),
        sa.Column("estimated_ship_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("presale", sa.Boolean(), nullable=False),
        sa.Column("seller_type", SELLERTYPE, nullable=False),
        sa.Column("merchant", sa.String(length=128), nullable=True),
        sa.Column("delay_cause", sa.String(length=32), nullable=True),
        sa.Column("delay_eta", sa.DateTime(timezone=True), nullable=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("coupon_fen >= 0", name=op.f("ck_shop_order_coupon_fen_not_negative")),
        sa.CheckConstraint("freight_fen >= 0", name=op.f("ck_shop_order_freight_fen_not_negative")),
        sa.CheckConstraint("total_fen >= 0", name=op.f("ck_shop_order_total_fen_not_negative")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_shop_order_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_order")),
        sa.UniqueConstraint("order_no", name=op.f("uq_shop_order_order_no")),
    )
    op.create_index(op.f("ix_shop_order_customer_id"), "shop_order", ["customer_id"], unique=False)
    op.create_index(op.f("ix_shop_order_order_tail"), "shop_order", ["order_tail"], unique=False)
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=256), nullable=True),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("state", PERSONSTATE, nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_staff_customer_id")),
        sa.ForeignKeyConstraint(["group_id"], ["staff_group.id"], name=op.f("fk_staff_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("number", name=op.f("uq_staff_number")),
    )
    op.create_table(
        "wallet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wallet_no", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("state", WALLETSTATE, nullable=False),
        sa.Column("balance_fen", sa.Integer(), nullable=False),
        sa.Column("two_factor", sa.Boolean(), nullable=False),
        sa.Column("region", sa.String(length=8), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_wallet_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallet")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_wallet_customer_id")),
        sa.UniqueConstraint("wallet_no", name=op.f("uq_wallet_wallet_no")),
    )
    op.create_table(
        "parcel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("waybill", sa.String(length=40), nullable=False),
        sa.Column("carrier", sa.String(length=32), nullable=False),
        sa.Column("state", PARCELSTATE, nullable=False),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", SIGNEDBY, nullable=True),
        sa.Column("last_scan_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_parcel_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel")),
        sa.UniqueConstraint("order_id", "waybill", name=op.f("uq_parcel_order_id_waybill")),
    )
    op.create_index(op.f("ix_parcel_order_id"), "parcel", ["order_id"], unique=False)
    op.create_index(op.f("ix_parcel_waybill"), "parcel", ["waybill"], unique=False)
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payment_no", sa.String(length=40), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("method", PAYMENTMETHOD, nullable=False),
        sa.Column("state", PAYMENTSTATE, nullable=False),
        sa.Column("failure", PAYMENTFAILURE, nullable=True),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("refunded_fen", sa.Integer(), nullable=False),
        sa.Column("held_fen", sa.Integer(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel_tx", sa.String(length=64), nullable=True),
        sa.Column("bank", sa.String(length=64), nullable=True),
        sa.Column("card_tail", sa.String(length=4), nullable=True),
        sa.Column("path_closed", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_payment_amount_fen_not_negative")),
        sa.CheckConstraint("held_fen >= 0", name=op.f("ck_payment_held_fen_not_negative")),
        sa.CheckConstraint("refunded_fen + held_fen <= amount_fen", name=op.f("ck_payment_never_above_paid")),
        sa.CheckConstraint("refunded_fen >= 0", name=op.f("ck_payment_refunded_fen_not_negative")),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_payment_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("payment_no", name=op.f("uq_payment_payment_no")),
    )
    op.create_index(op.f("ix_payment_order_id"), "payment", ["order_id"], unique=False)
    op.create_table(
        "staff_skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("kind", CASEKIND, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_skill_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_skill")),
        sa.UniqueConstraint("staff_id", "kind", name=op.f("uq_staff_skill_staff_id_kind")),
    )
    op.create_index(op.f("ix_staff_skill_staff_id"), "staff_skill", ["staff_id"], unique=False)
    op.create_table(
        "wallet_freeze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=False),
        sa.Column("reason", FREEZEREASON, nullable=False),
        sa.Column("source", FREEZESOURCE, nullable=False),
        sa.Column("trigger", sa.String(length=200), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_wallet_freeze_wallet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallet_freeze")),
    )
    op.create_index(op.f("ix_wallet_freeze_wallet_id"), "wallet_freeze", ["wallet_id"], unique=False)
    op.create_table(
        "wallet_tx",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tx_no", sa.String(length=40), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=False),
        sa.Column("kind", WALLETTXKIND, nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counterparty", sa.String(length=128), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_wallet_tx_order_id")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallet.id"], name=op.f("fk_wallet_tx_wallet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallet_tx")),
        sa.UniqueConstraint("tx_no", name=op.f("uq_wallet_tx_tx_no")),
    )
    op.create_index(op.f("ix_wallet_tx_at"), "wallet_tx", ["at"], unique=False)
    op.create_index(op.f("ix_wallet_tx_wallet_id"), "wallet_tx", ["wallet_id"], unique=False)
    op.create_table(
        "order_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("return_class", RETURNCLASS, nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("exclusion_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parcel_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("price_fen >= 0", name=op.f("ck_order_item_price_fen_not_negative")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_order_item_quantity_not_negative")),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_order_item_order_id")),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcel.id"], name=op.f("fk_order_item_parcel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_item")),
        sa.UniqueConstraint("order_id", "line", name=op.f("uq_order_item_order_id_line")),
    )
    op.create_index(op.f("ix_order_item_order_id"), "order_item", ["order_id"], unique=False)
    op.create_table(
        "parcel_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcel.id"], name=op.f("fk_parcel_scan_parcel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_scan")),
        sa.UniqueConstraint("parcel_id", "at", "text", name=op.f("uq_parcel_scan_parcel_id_at_text")),
    )
    op.create_index(op.f("ix_parcel_scan_parcel_id"), "parcel_scan", ["parcel_id"], unique=False)
    op.create_table(
        "work_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(length=24), nullable=False),
        sa.Column("case_tail", sa.String(length=4), nullable=False),
        sa.Column("after_sale_no", sa.String(length=24), nullable=True),
        sa.Column("after_sale_tail", sa.String(length=4), nullable=True),
        sa.Column("external_key", sa.String(length=64), nullable=True),
        sa.Column("kind", CASEKIND, nullable=False),
        sa.Column("subtype", sa.String(length=32), nullable=True),
        sa.Column("channel", CHANNEL, nullable=False),
        sa.Column("filed", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", CASESTATE, nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("wallet_tx_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("desired", sa.String(length=200), nullable=False),
        sa.Column("reason", REFUNDREASON, nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_level", VERIFICATIONLEVEL, nullable=False),
        sa.Column("procedure", sa.String(length=32), nullable=False),
        sa.Column("procedure_version", sa.String(length=64), nullable=False),
        sa.Column("policy_version", sa.String(length=64), nullable=False),
        sa.Column("calendar_version", sa.String(length=64), nullable=False),
        sa.Column("outcome", CASEOUTCOME, nullable=True),
        sa.Column("reject_code", REJECTCODE, nullable=True),
        sa.Column("rule_ref", sa.String(length=64), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aside", sa.Boolean(), nullable=False),
        sa.Column("aside_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aside_reason", sa.String(length=32), nullable=True),
        sa.Column("escalated_to", sa.String(length=16), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("waiting_for", sa.String(length=32), nullable=True),
        sa.Column("queue_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queue_clock", sa.String(length=32), nullable=True),
        sa.Column("queue_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warn_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warn_now_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached", sa.Boolean(), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("hard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("folded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timer_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_work_case_closed_by")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_work_case_customer_id")),
        sa.ForeignKeyConstraint(["group_id"], ["staff_group.id"], name=op.f("fk_work_case_group_id")),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_work_case_order_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_work_case_owner_id")),
        sa.ForeignKeyConstraint(["wallet_tx_id"], ["wallet_tx.id"], name=op.f("fk_work_case_wallet_tx_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_case")),
        sa.UniqueConstraint("after_sale_no", name=op.f("uq_work_case_after_sale_no")),
        sa.UniqueConstraint("case_no", name=op.f("uq_work_case_case_no")),
        sa.UniqueConstraint("external_key", name=op.f("uq_work_case_external_key")),
    )
    op.create_index(op.f("ix_work_case_after_sale_tail"), "work_case", ["after_sale_tail"], unique=False)
    op.create_index(op.f("ix_work_case_case_tail"), "work_case", ["case_tail"], unique=False)
    op.create_index(op.f("ix_work_case_customer_id"), "work_case", ["customer_id"], unique=False)
    op.create_index("ix_work_case_done", "work_case", ["closed_by", "closed_at"], unique=False)
    op.create_index(
        "ix_work_case_group",
        "work_case",
        ["open", "owner_id", "aside", "stopped", "group_id", "queue_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_work_case_hard",
        "work_case",
        ["open", "owner_id", "aside", "stopped", "hard_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_work_case_kind",
        "work_case",
        ["open", "owner_id", "aside", "stopped", "group_id", "kind", "queue_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_work_case_order_id"), "work_case", ["order_id"], unique=False)
    op.create_index(
        "ix_work_case_queue",
        "work_case",
        ["open", "owner_id", "aside", "stopped", "queue_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_work_case_urgent",
        "work_case",
        ["open", "owner_id", "aside", "stopped", "priority", "queue_at", "id"],
        unique=False,
    )
    op.create_index("ix_work_case_timer", "work_case", ["timer_at"], unique=False)
    op.create_index("ix_work_case_wake", "work_case", ["aside", "aside_until"], unique=False)
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("option", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("planned", sa.JSON(), nullable=False),
        sa.Column("facts_digest", sa.String(length=64), nullable=False),
        sa.Column("needs_role", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("state", APPROVALSTATE, nullable=False),
        sa.Column("requested_by", sa.String(length=16), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("question", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_approval_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_case_id"), "approval", ["case_id"], unique=False)
    op.create_index("ix_approval_open", "approval", ["state", "lapses_at"], unique=False)
    op.create_table(
        "case_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("drives", DRIVES, nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("run", RUNSTATE, nullable=False),
        sa.Column("outcome", OUTCOME, nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_for", sa.String(length=32), nullable=True),
        sa.Column("resume_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("excused", sa.Boolean(), nullable=False),
        sa.Column("warn_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warn_now_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breach_event_id", sa.Integer(), nullable=True),
        sa.Column("policy_version", sa.String(length=64), nullable=False),
        sa.Column("calendar_version", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_case_clock_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_clock")),
        sa.UniqueConstraint(
            "case_id", "kind", "cycle", "number", name=op.f("uq_case_clock_case_id_kind_cycle_number")
        ),
    )
    op.create_index(
        "ix_case_clock_breach", "case_clock", ["drives", "run", "outcome", "due_at"], unique=False
    )
    op.create_index(op.f("ix_case_clock_case_id"), "case_clock", ["case_id"], unique=False)
    op.create_index("ix_case_clock_resume", "case_clock", ["drives", "run", "resume_at"], unique=False)
    op.create_index(
        "ix_case_clock_untold", "case_clock", ["drives", "outcome", "breach_event_id", "due_at"], unique=False
    )
    op.create_table(
        "case_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("flag", CASEFLAG, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_case_flag_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_flag")),
        sa.UniqueConstraint("case_id", "flag", name=op.f("uq_case_flag_case_id_flag")),
    )
    op.create_index(op.f("ix_case_flag_case_id"), "case_flag", ["case_id"], unique=False)
    op.create_table(
        "case_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_case_item_case_id")),
        sa.ForeignKeyConstraint(["item_id"], ["order_item.id"], name=op.f("fk_case_item_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_item")),
        sa.UniqueConstraint("case_id", "item_id", name=op.f("uq_case_item_case_id_item_id")),
    )
    op.create_index(op.f("ix_case_item_case_id"), "case_item", ["case_id"], unique=False)
    op.create_table(
        "case_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("kind", LINKKIND, nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["work_case.id"], name=op.f("fk_case_link_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["work_case.id"], name=op.f("fk_case_link_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_link")),
        sa.UniqueConstraint("from_id", "to_id", "kind", name=op.f("uq_case_link_from_id_to_id_kind")),
    )
    op.create_index(op.f("ix_case_link_from_id"), "case_link", ["from_id"], unique=False)
    op.create_index(op.f("ix_case_link_to_id"), "case_link", ["to_id"], unique=False)
    op.create_table(
        "case_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_case_text_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_text")),
    )
    op.create_index(op.f("ix_case_text_case_id"), "case_text", ["case_id"], unique=False)
    op.create_table(
        "compensation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("delay_key", sa.String(length=40), nullable=False),
        sa.Column("kind", COMPENSATIONKIND, nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("state", REFUNDSTATE, nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_compensation_amount_fen_not_negative")),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_compensation_case_id")),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_compensation_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compensation")),
        sa.UniqueConstraint("order_id", "delay_key", name=op.f("uq_compensation_order_id_delay_key")),
    )
    op.create_index(op.f("ix_compensation_case_id"), "compensation", ["case_id"], unique=False)
    op.create_index(op.f("ix_compensation_order_id"), "compensation", ["order_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("option", sa.String(length=64), nullable=False),
        sa.Column("outcome", CASEOUTCOME, nullable=True),
        sa.Column("reject_code", REJECTCODE, nullable=True),
        sa.Column("rule_ref", sa.String(length=64), nullable=True),
        sa.Column("amount_fen", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_decision_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_case_id"), "decision", ["case_id"], unique=False)
    op.create_table(
        "department_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("department", DEPARTMENT, nullable=False),
        sa.Column("state", TASKSTATE, nullable=False),
        sa.Column("question", sa.String(length=400), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=400), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("finding", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_department_task_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_task")),
    )
    op.create_index(op.f("ix_department_task_case_id"), "department_task", ["case_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", EVIDENCEKIND, nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_by", sa.String(length=16), nullable=True),
        sa.Column("clear", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_evidence_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_case_id"), "evidence", ["case_id"], unique=False)
    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", PROMISESTATE, nullable=False),
        sa.Column("made_by", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_promise_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    op.create_index(op.f("ix_promise_case_id"), "promise", ["case_id"], unique=False)
    op.create_index(op.f("ix_promise_due_at"), "promise", ["due_at"], unique=False)
    op.create_table(
        "refund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("refund_no", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("method", PAYMENTMETHOD, nullable=False),
        sa.Column("reason", REFUNDREASON, nullable=True),
        sa.Column("state", REFUNDSTATE, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("other_target", sa.String(length=128), nullable=True),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_refund_amount_fen_not_negative")),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_refund_case_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_refund_customer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_refund_order_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_refund_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("refund_no", name=op.f("uq_refund_refund_no")),
    )
    op.create_index(op.f("ix_refund_case_id"), "refund", ["case_id"], unique=False)
    op.create_index(op.f("ix_refund_customer_id"), "refund", ["customer_id"], unique=False)
    op.create_index(op.f("ix_refund_order_id"), "refund", ["order_id"], unique=False)
    op.create_index(op.f("ix_refund_payment_id"), "refund", ["payment_id"], unique=False)
    op.create_table(
        "step_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("option", sa.String(length=64), nullable=False),
        sa.Column("captures", sa.JSON(), nullable=False),
        sa.Column("via", sa.JSON(), nullable=False),
        sa.Column("binding", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_step_answer_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_answer")),
    )
    op.create_index(op.f("ix_step_answer_case_id"), "step_answer", ["case_id"], unique=False)
    op.create_index(op.f("ix_step_answer_event_id"), "step_answer", ["event_id"], unique=False)
    op.create_table(
        "verification_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("level", VERIFICATIONLEVEL, nullable=False),
        sa.Column("factor", FACTOR, nullable=False),
        sa.Column("result", CHECKRESULT, nullable=False),
        sa.Column("channel", CHANNEL, nullable=False),
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_verification_attempt_case_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_verification_attempt_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_attempt")),
    )
    op.create_index(
        op.f("ix_verification_attempt_case_id"), "verification_attempt", ["case_id"], unique=False
    )
    op.create_index(
        op.f("ix_verification_attempt_customer_id"), "verification_attempt", ["customer_id"], unique=False
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("kind", CONTACTKIND, nullable=False),
        sa.Column("direction", DIRECTION, nullable=False),
        sa.Column("channel", CHANNEL, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("ringing_for", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_contact_case_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_contact_customer_id")),
        sa.ForeignKeyConstraint(["ringing_for"], ["staff.id"], name=op.f("fk_contact_ringing_for")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_contact_staff_id")),
        sa.ForeignKeyConstraint(["text_id"], ["case_text.id"], name=op.f("fk_contact_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_case_id"), "contact", ["case_id"], unique=False)
    op.create_index(op.f("ix_contact_customer_id"), "contact", ["customer_id"], unique=False)
    op.create_index(op.f("ix_contact_ringing_for"), "contact", ["ringing_for"], unique=False)
    op.create_index(op.f("ix_contact_staff_id"), "contact", ["staff_id"], unique=False)
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=16), nullable=False),
        sa.Column("letter_version", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("channel", NOTIFICATIONCHANNEL, nullable=False),
        sa.Column("target", sa.String(length=128), nullable=False),
        sa.Column("target_masked", sa.String(length=128), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("state", DELIVERYSTATE, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("reminder", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_notification_case_id")),
        sa.ForeignKeyConstraint(["text_id"], ["case_text.id"], name=op.f("fk_notification_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index(op.f("ix_notification_case_id"), "notification", ["case_id"], unique=False)
    op.create_table(
        "refund_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("refund_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_refund_item_amount_fen_not_negative")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_refund_item_quantity_not_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["order_item.id"], name=op.f("fk_refund_item_item_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_item_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_item")),
        sa.UniqueConstraint("refund_id", "item_id", name=op.f("uq_refund_item_refund_id_item_id")),
    )
    op.create_index(op.f("ix_refund_item_item_id"), "refund_item", ["item_id"], unique=False)
    op.create_index(op.f("ix_refund_item_refund_id"), "refund_item", ["refund_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(length=64), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("state", DELIVERYSTATE, nullable=False),
        sa.Column("actor", sa.String(length=16), nullable=False),
        sa.Column("commit_event_id", sa.Integer(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_by", sa.String(length=64), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(length=64), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refund_id", sa.Integer(), nullable=True),
        sa.Column("notification_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["work_case.id"], name=op.f("fk_outbox_case_id")),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notification.id"], name=op.f("fk_outbox_notification_id")
        ),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_outbox_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_case_id"), "outbox", ["case_id"], unique=False)
    op.create_index(op.f("ix_outbox_commit_event_id"), "outbox", ["commit_event_id"], unique=False)
    op.create_index("ix_outbox_due", "outbox", ["state", "hold_until"], unique=False)


def downgrade() -> None:  # noqa: PLR0915  the same list, backwards
    op.drop_index("ix_outbox_due", table_name="outbox")
    op.drop_index(op.f("ix_outbox_commit_event_id"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_case_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_refund_item_refund_id"), table_name="refund_item")
    op.drop_index(op.f("ix_refund_item_item_id"), table_name="refund_item")
    op.drop_table("refund_item")
    op.drop_index(op.f("ix_notification_case_id"), table_name="notification")
    op.drop_table("notification")
    op.drop_index(op.f("ix_contact_staff_id"), table_name="contact")
    op.drop_index(op.f("ix_contact_ringing_for"), table_name="contact")
    op.drop_index(op.f("ix_contact_customer_id"), table_name="contact")
    op.drop_index(op.f("ix_contact_case_id"), table_name="contact")
    op.drop_table("contact")
    op.drop_index(op.f("ix_verification_attempt_customer_id"), table_name="verification_attempt")
    op.drop_index(op.f("ix_verification_attempt_case_id"), table_name="verification_attempt")
    op.drop_table("verification_attempt")
    op.drop_index(op.f("ix_step_answer_event_id"), table_name="step_answer")
    op.drop_index(op.f("ix_step_answer_case_id"), table_name="step_answer")
    op.drop_table("step_answer")
    op.drop_index(op.f("ix_refund_payment_id"), table_name="refund")
    op.drop_index(op.f("ix_refund_order_id"), table_name="refund")
    op.drop_index(op.f("ix_refund_customer_id"), table_name="refund")
    op.drop_index(op.f("ix_refund_case_id"), table_name="refund")
    op.drop_table("refund")
    op.drop_index(op.f("ix_promise_due_at"), table_name="promise")
    op.drop_index(op.f("ix_promise_case_id"), table_name="promise")
    op.drop_table("promise")
    op.drop_index(op.f("ix_evidence_case_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_department_task_case_id"), table_name="department_task")
    op.drop_table("department_task")
    op.drop_index(op.f("ix_decision_case_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_compensation_order_id"), table_name="compensation")
    op.drop_index(op.f("ix_compensation_case_id"), table_name="compensation")
    op.drop_table("compensation")
    op.drop_index(op.f("ix_case_text_case_id"), table_name="case_text")
    op.drop_table("case_text")
    op.drop_index(op.f("ix_case_link_to_id"), table_name="case_link")
    op.drop_index(op.f("ix_case_link_from_id"), table_name="case_link")
    op.drop_table("case_link")
    op.drop_index(op.f("ix_case_item_case_id"), table_name="case_item")
    op.drop_table("case_item")
    op.drop_index(op.f("ix_case_flag_case_id"), table_name="case_flag")
    op.drop_table("case_flag")
    op.drop_index("ix_case_clock_untold", table_name="case_clock")
    op.drop_index("ix_case_clock_resume", table_name="case_clock")
    op.drop_index(op.f("ix_case_clock_case_id"), table_name="case_clock")
    op.drop_index("ix_case_clock_breach", table_name="case_clock")
    op.drop_table("case_clock")
    op.drop_index("ix_approval_open", table_name="approval")
    op.drop_index(op.f("ix_approval_case_id"), table_name="approval")
    op.drop_table("approval")
    op.drop_index("ix_work_case_wake", table_name="work_case")
    op.drop_index("ix_work_case_urgent", table_name="work_case")
    op.drop_index("ix_work_case_queue", table_name="work_case")
    op.drop_index(op.f("ix_work_case_order_id"), table_name="work_case")
    op.drop_index("ix_work_case_kind", table_name="work_case")
    op.drop_index("ix_work_case_hard", table_name="work_case")
    op.drop_index("ix_work_case_group", table_name="work_case")
    op.drop_index("ix_work_case_done", table_name="work_case")
    op.drop_index(op.f("ix_work_case_customer_id"), table_name="work_case")
    op.drop_index(op.f("ix_work_case_case_tail"), table_name="work_case")
    op.drop_index(op.f("ix_work_case_after_sale_tail"), table_name="work_case")
    op.drop_table("work_case")
    op.drop_index(op.f("ix_parcel_scan_parcel_id"), table_name="parcel_scan")
    op.drop_table("parcel_scan")
    op.drop_index(op.f("ix_order_item_order_id"), table_name="order_item")
    op.drop_table("order_item")
    op.drop_index(op.f("ix_wallet_tx_wallet_id"), table_name="wallet_tx")
    op.drop_index(op.f("ix_wallet_tx_at"), table_name="wallet_tx")
    op.drop_table("wallet_tx")
    op.drop_index(op.f("ix_wallet_freeze_wallet_id"), table_name="wallet_freeze")
    op.drop_table("wallet_freeze")
    op.drop_index(op.f("ix_staff_skill_staff_id"), table_name="staff_skill")
    op.drop_table("staff_skill")
    op.drop_index(op.f("ix_payment_order_id"), table_name="payment")
    op.drop_table("payment")
    op.drop_index(op.f("ix_parcel_waybill"), table_name="parcel")
    op.drop_index(op.f("ix_parcel_order_id"), table_name="parcel")
    op.drop_table("parcel")
    op.drop_table("wallet")
    op.drop_table("staff")
    op.drop_index(op.f("ix_shop_order_order_tail"), table_name="shop_order")
    op.drop_index(op.f("ix_shop_order_customer_id"), table_name="shop_order")
    op.drop_table("shop_order")
    op.drop_table("stream")
    op.drop_table("store_info")
    op.drop_table("staff_group")
    op.drop_table("product")
    op.drop_table("number_series")
    op.drop_table("event")
    op.drop_table("door_slot")
    op.drop_table("desk_presence")
    op.drop_index(op.f("ix_customer_phone_tail"), table_name="customer")
    op.drop_index(op.f("ix_customer_phone"), table_name="customer")
    op.drop_index(op.f("ix_customer_name_initials"), table_name="customer")
    op.drop_table("customer")
    op.drop_table("book_text")
