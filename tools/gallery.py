"""Every widget with sample values, to be looked at: `tools/gallery.py [queue|case|states|lookup|fields]`.

`--lang zh|en`, `--rows N` cases in the queue, `--strip pending|flash|recall|call|hint|offline|alert`.
For development only.
"""

import argparse
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from bdesk.i18n import pick, set_language
from bdesk.models.views.queue import QueueRow, Section
from bdesk.widgets import strips, theme
from bdesk.widgets.chip import Chip, make_chip
from bdesk.widgets.choices import Choice, Choices
from bdesk.widgets.facts import Check, Facts
from bdesk.widgets.fields import Field as TextField
from bdesk.widgets.footer import Footer, FooterKey
from bdesk.widgets.header import Header, HeaderValues
from bdesk.widgets.hits import Hit, Hits
from bdesk.widgets.lines import Painted, Piece
from bdesk.widgets.note_area import NoteArea
from bdesk.widgets.panel import ClockBar, Field, Gap, Heading, Panel, Row, Words
from bdesk.widgets.queue_columns import QueueWords
from bdesk.widgets.queue_list import QueueList
from bdesk.widgets.say import Say
from bdesk.widgets.stepper import Step, StepList, StepperHead, StepperValues
from bdesk.widgets.tabs import CaseTab, CaseTabs
from bdesk.widgets.timeline import Entry, Timeline

NOW = datetime(2026, 6, 18, 6, 32, tzinfo=UTC)
KINDS = {
    "refund": ("退款", "Refund"),
    "shipment_delay": ("未发货", "Not shipped"),
    "unfreeze": ("解冻", "Unfreeze"),
    "after_sale": ("售后", "After-sale"),
    "appeal": ("申诉", "Appeal"),
    "complaint": ("投诉", "Complaint"),
}
WHOM = {"customer": ("客户", "cust"), "warehouse": ("仓库", "store"), "courier": ("快递", "cour")}
SAMPLES = (
    (
        -8040,
        "appeal",
        "张**",
        ("vip",),
        "签收后破损，客户要求全额退",
        "Damaged on delivery, wants all of it back",
    ),
    (100, "refund", "李**", (), "七天无理由，仓库已收货未退款", "7-day return, received, not refunded"),
    (
        235,
        "unfreeze",
        "王**",
        ("vip",),
        "异地登录触发风控，余额 ¥2,310.50",
        "Login from afar, balance ¥2,310.50",
    ),
    (
        492,
        "shipment_delay",
        "陈*",
        (),
        "杭州仓-成都，揽收后 52 小时无更新",
        "Hangzhou to Chengdu, no scan for 52 h",
    ),
    (
        690,
        "refund",
        "赵**",
        (),
        "拒收件已回仓，退款未到账第 4 天",
        "Refused parcel is back, day 4 without money",
    ),
    (
        845,
        "after_sale",
        "周**",
        ("repeat",),
        "尺码发错 XL/M，客户明天出差",
        "Wrong size XL/M, customer leaves tomorrow",
    ),
    (1361, "shipment_delay", "吴**", (), "大促爆仓，承诺送达日 6/18 已过", "Promised for 6/18, not there"),
    (1869, "complaint", "欧阳**", ("elderly",), "配送员态度，已录音", "Courier was rude, recorded"),
    (
        2530,
        "refund",
        "孙**",
        (),
        "重复扣款 ¥59.90 两笔，支付流水已附",
        "Charged ¥59.90 twice, statement attached",
    ),
    (
        4320,
        "refund",
        "买买提·阿*",
        (),
        "会员积分到账时间，问了三次没有回音，请尽快",
        "Points missing, asked three times",
    ),
    (90000, "appeal", "𠮷**", (), "对上次拒绝不服", "Appeals the refusal"),
    (900000, "after_sale", "褚**", ("minor", "vip"), "赠品漏发", "Gift missing"),
)


def row(number: int, *, stopped: str = "", aside: bool = False) -> QueueRow:
    """A sample case; the numbers after the samples repeat them, later and later."""
    seconds, kind, customer, tags, zh, en = SAMPLES[number % len(SAMPLES)]
    due = NOW + timedelta(seconds=seconds + 60 * (number // len(SAMPLES) % 1000))
    return QueueRow(
        case_id=number,
        case_no=f"KF2026061800{number:02d}",
        kind=kind,
        priority=3,
        customer=customer,
        tags=tags,
        summary=pick(zh, en),
        due_at=due,
        due_from=due - timedelta(hours=24),
        clock="refund_review",
        state="new",
        due_from_at=due - timedelta(minutes=15),
        now_from_at=due - timedelta(minutes=5),
        stopped=bool(stopped),
        waiting_for=stopped or None,
        aside=aside,
        owner="林晓" if number < 2 else None,
        group="east",
        channel="hotline",
        opened_at=NOW - timedelta(hours=3 * (number % 40) + 1),
        version=1,
        provisional=number == 11,
    )


def rows_of(count: int) -> tuple[list[Section], dict[str, list[QueueRow]]]:
    """Sections and the first rows of each."""
    waiting = [row(number) for number in range(2, min(count, 64) + 2)]
    aside = [
        row(10_000_004, stopped="customer"),
        row(10_000_002, stopped="warehouse"),
        row(10_000_006, aside=True),
    ]
    sections = [Section("mine", 2), Section("waiting", count), Section("aside", len(aside))]
    return sections, {"mine": [row(0), row(1)], "waiting": waiting, "aside": aside}


def words() -> QueueWords:
    return QueueWords(
        kind=lambda code: pick(*KINDS[code]),
        whom=lambda code: pick(*WHOM[code]),
        group=lambda code: pick("华东一组", "East 1"),
        channel=lambda code: pick("热线", "Hotline"),
    )


def footer_keys(hot: str = "F9") -> list[FooterKey]:
    zh = ["帮助", "队列", "查找", "客户", "便签", "挂起", "升级", "执行", "接件", "菜单"]
    en = ["Help", "Queue", "Find", "Cust", "Note", "Park", "Raise", "Do", "Take", "Menu"]
    return [
        FooterKey(f"F{n}", pick(*pair), hot=f"F{n}" == hot, reason="x" if n == 8 and hot != "F8" else "")
        for n, pair in enumerate(zip(zh, en, strict=True), 1)
    ]


def chip(seconds: int, **more: object) -> Chip:
    due = NOW + timedelta(seconds=seconds)
    return make_chip(NOW, due, due - timedelta(minutes=15), due - timedelta(minutes=5), **more)  # type: ignore[arg-type]


def tabs() -> list[CaseTab]:
    return [
        CaseTab(1, "李**", pick("退款", "Refund"), chip(100), pending=True),
        CaseTab(2, "张**", pick("申诉", "Appeal"), chip(-8040)),
        CaseTab(3, "蒋**", pick("退款", "Refund"), chip(900, stopped=True, whom=pick("客户", "cust"))),
        CaseTab(4, "沈*", pick("未发货", "Not shipped"), chip(9000)),
    ]


def strip_of(kind: str) -> strips.StripValues | None:
    words_: list[Piece] = [
        (pick("退款 ", "Refund "), "text"),
        ("¥128.00", "strong"),
        (
            pick("  原路退回 微信 + 结果邮件   订单 ..7741", "  to WeChat + result letter   order ..7741"),
            "text",
        ),
    ]
    made = {
        "pending": lambda: strips.pending(words_),
        "flash": lambda: strips.pending(words_, flash=True),
        "recall": lambda: strips.recall(words_[:2], 9),
        "call": lambda: strips.call(
            [
                ("138****6621 王**", "strong"),
                (" VIP", "vip"),
                (pick("  解冻在队列里", "  unfreeze waits"), "text"),
            ],
            pick("接听，当前工单自动挂起", "answer; this case is put aside"),
        ),
        "hint": lambda: strips.ime_hint("就"),
        "offline": lambda: strips.offline(
            [
                (
                    pick(
                        "14:31 起连不上，显示的是 3 分钟前的数据。便签照常保存",
                        "since 14:31; data 3 min old. Notes are kept",
                    ),
                    "text",
                )
            ]
        ),
        "alert": lambda: strips.alert(
            pick("急", "NOW"),
            [
                (
                    pick(
                        "王** 解冻 3 分 55 秒后超时，还没有人接",
                        "王** unfreeze: late in 3 min 55 s, nobody has it",
                    ),
                    "strong",
                )
            ],
            "F9",
            pick("接这一件", "take it"),
        ),
    }
    return made[kind]() if kind in made else None


def panel_rows() -> list[Row]:
    return [
        Gap(),
        Heading(pick("客户", "Customer"), pick("F4 全部", "F4 all")),
        Field(pick("姓名", "Name"), "李**", "strong"),
        Field(pick("电话", "Phone"), "139****0482", note=pick("已核", "checked"), note_role="good"),
        Field(pick("来电", "Calls"), pick("本月第 2 次", "2nd this month"), "warn"),
        Field(
            pick("在途", "Others"),
            pick("另有 1 单 未发货，已催过 1 次仓库", "1 more: not shipped, warehouse asked"),
        ),
        Gap(),
        Heading(pick("订单", "Order"), "..7741"),
        Field(pick("商品", "Item"), pick("蓝牙耳机 X2 白", "Headphones X2 white")),
        Field(pick("实付", "Paid"), "¥128.00", "amount", note=pick("微信", "WeChat")),
        Field(pick("签收", "Signed"), "6/15 10:02", note=pick("3 天", "3 days")),
        Field(pick("退货", "Return"), "6/17 09:12", "good", pick("已回仓", "in store"), "good"),
        Gap(),
        Heading(pick("时限", "Clocks")),
        ClockBar(chip(100), pick("响应 14:36", "reply 14:36"), 0.7),
        ClockBar(chip(12060), pick("解决 17:55", "solve 17:55"), 0.2),
        Gap(),
        Heading(pick("权限", "Limits")),
        Field(pick("退款", "Refund"), pick("单笔 ¥500 内", "up to ¥500")),
        Field(pick("今日", "Today"), pick("已批 ¥412 / 2,000", "¥412 of 2,000")),
    ]


def stepper() -> StepperValues:
    return StepperValues(
        pick("退款", "Refund"),
        (
            Step(
                pick("核实身份", "Check identity"),
                "done",
                pick("核实", "Check"),
                pick("语音 + 后四位", "voice + tail"),
                "14:33",
            ),
            Step(
                pick("确认订单", "Confirm order"),
                "done",
                pick("订单", "Order"),
                pick("系统", "system"),
                "14:33",
            ),
            Step(pick("判断退款资格", "Decide"), "now", pick("资格", "Decide")),
            Step(pick("退款方式", "Way of refund"), "later", pick("方式", "Way")),
            Step(pick("告知时效并结单", "Tell and close"), "later", pick("结单", "Close")),
        ),
        "00:42",
        "01:30",
    )


def checks() -> list[Check]:
    return [
        Check(pick("签收 3 天", "signed 3 days ago"), pick("不超过 7 天", "7 days at most")),
        Check(pick("仓库已收货", "goods received"), pick("6/17 09:12 完好", "6/17 09:12 intact")),
        Check("¥128.00", pick("单笔额度 ¥500 内", "limit ¥500")),
        Check(pick("外包装照片", "photo of the box"), pick("质量问题要照片", "needed for faults"), None),
    ]


def choices() -> list[Choice]:
    return [
        Choice("full", pick("同意退款 ¥128.00", "Refund ¥128.00"), pick("在权限内", "within limits")),
        Choice("part", pick("部分退款", "Refund a part")),
        Choice(
            "swap", pick("换货或补发", "Exchange or send again"), reason=pick("商品已停售", "no longer sold")
        ),
        Choice("ask", pick("转主管审批", "Ask the supervisor")),
        Choice("drop", pick("客户放弃", "Customer gives up")),
    ]


SCRIPT = (
    "李女士，您退回的耳机我们已经验收，128 元会原路退回微信，1 到 3 个工作日到账，您看可以吗？",
    "Ms Li, we have checked the headphones you sent back. 128 yuan go back to WeChat "
    "in 1 to 3 working days. Is that all right?",
)


def events() -> list[Entry]:
    pairs: Sequence[tuple[str, str, str, str]] = (
        ("14:34", "林晓", "客户周五出差，要当天到账", "Leaves on Friday, wants it the same day"),
        ("14:33", "系统", "核实通过", "Identity checked"),
        ("14:20", "客户", "在线问退款进度", "Asked about progress in chat"),
        ("6/17", "仓库", "收货 质检完好", "Received, intact"),
        ("6/15", "客户", "申请七天无理由", "Applied for a return"),
        ("6/10", "客户", "下单付款 ¥128.00", "Ordered, paid ¥128.00"),
    )
    return [
        Entry(at, who, pick(zh, en), "text" if n < 2 else "soft") for n, (at, who, zh, en) in enumerate(pairs)
    ]


class Gallery(App[None]):
    """The pages of the gallery."""

    CSS = "Screen { layout: vertical; } .preview { width: 38; } .side { width: 33; } .gap { width: 2; }"
    AUTO_FOCUS = None
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, page: str, rows: int, strip: str) -> None:
        look = theme.theme_for(os.environ, theme.detected(os.environ))
        theme.use(look)
        super().__init__(ansi_color=look.ansi)
        self.animation_level = "none"
        self.register_theme(look.textual())
        self.theme = f"bdesk-{look.name}"
        self.page, self.rows, self.strip = page, rows, strip

    def compose(self) -> ComposeResult:
        wide = self.size.width >= 110
        title = pick("队列", "Queue") if self.page == "queue" else pick("工单", "Case")
        yield Header(
            HeaderValues(
                title,
                pick("华东热线一组", "East 1") if self.page == "queue" and wide else "KF202606180093",
                True,
                "03:18",
                "A1024",
                "林晓",
                "online",
                pick("在线", "Online"),
                "14:32",
            )
        )
        yield from getattr(self, f"page_{self.page}")(wide)
        strip = strip_of(self.strip)
        if strip is not None and self.strip not in ("call", "alert"):
            yield strips.StripBar(strip)
        else:
            yield strips.StatusLine(
                strips.StatusValues(
                    held=2 if self.page == "queue" else 0,
                    draft_saved=self.page == "case",
                    hints=(("F3", pick("筛选", "filter")),) if self.page == "queue" else (),
                    age=pick("数据 1 秒前", "data 1 s old"),
                )
            )
        yield Footer(footer_keys("F8" if self.strip in ("pending", "flash") else "F9"))

    def page_queue(self, wide: bool) -> ComposeResult:
        top = strip_of(self.strip) if self.strip in ("alert", "call") else None
        figures: list[Piece] = [
            (pick("超时 ", "late "), "dim"),
            ("1", "bad"),
            (pick("   5分内 ", "   in 5m "), "dim"),
        ]
        figures += [("2", "figure.now"), (pick("   待领 ", "   waiting "), "dim"), ("23", "strong")]
        yield strips.StripBar(top) if top else Panel([Words(tuple(figures))], ground="base", edge=4)
        listed = QueueList(words(), now=NOW, id="queue")
        sections, found = rows_of(self.rows)
        listed.load(sections, found)
        if not wide:
            yield listed
            preview: list[Piece] = [
                ("王**", "strong"),
                (" VIP", "vip"),
                ("  138****6621  ..7741 ¥128.00", "text"),
            ]
            yield Panel([Words(tuple(preview))], edge=4)
            return
        with Horizontal():
            yield listed
            yield Panel(panel_rows(), id="side").add_class("preview")

    def page_case(self, wide: bool) -> ComposeResult:
        yield CaseTabs(tabs(), 1)
        if self.strip == "call":
            yield strips.StripBar(strip_of("call"))
        chosen = "full" if self.strip in ("pending", "flash") else None
        title = pick("处理", "Outcome")
        outcome = Choices(
            choices(),
            title=title,
            hint=pick("按数字选，F8 才会真正退款", "pick a digit; only F8 pays"),
            beside=not wide,
            id="choices",
        )
        outcome.chosen = chosen
        middle: list[Widget] = [Say(" "), StepperHead(stepper(), wide=wide), Say(" ")]
        if wide:
            steps = stepper().steps
            middle += [StepList(steps[:3]), Say(" "), Facts(checks(), title=pick("核对", "Checks"))]
            middle += [
                Say(" "),
                Say(pick(*SCRIPT), title=pick("话术", "Say")),
                Say(" "),
                outcome,
                Say(" "),
                StepList(steps[3:]),
            ]
            for widget in middle[5:10]:
                widget.styles.margin = (0, 2, 0, 5)
            with Horizontal():
                yield Panel(panel_rows()).add_class("side")
                yield Vertical(*middle)
                yield Vertical(
                    Panel([Gap(), Heading(pick("便签", "Notes"))]),
                    NoteArea(placeholder=pick("F5 边听边记，回车存一条", "F5: write; Enter saves one")),
                    Panel([Gap()]),
                    Timeline(events(), title=pick("时间线", "Timeline")),
                ).add_class("side")
            return
        yield Panel([Words((("李**", "strong"), (" 139****0482  ..7741 ¥128.00", "text")))], edge=1)
        yield NoteArea(placeholder=pick("F5 边听边记，回车存一条", "F5: write; Enter saves one"))
        middle += [Facts(checks(), title=pick("核对", "Checks"), beside=True), Say(" ")]
        middle += [Say(pick(*SCRIPT), title=pick("话术", "Say"), beside=True), Say(" "), outcome]
        for widget in (middle[3], middle[5], outcome):
            widget.styles.margin = (0, 1, 0, 3)
        yield Vertical(*middle)

    def page_states(self, wide: bool) -> ComposeResult:
        for kind in ("pending", "flash", "recall", "call", "hint", "offline", "alert"):
            yield strips.StripBar(strip_of(kind))
            yield Say(" ")
        names: list[Painted] = [
            Panel([ClockBar(chip(s), "reply 14:36", f)], edge=4)
            for s, f in ((-9000, 1.0), (-90, 1.0), (100, 0.9), (800, 0.5), (9000, 0.3), (400000, 0.1))
        ]
        yield Vertical(
            *names, Panel([ClockBar(chip(0, stopped=True, whom=pick("客户", "cust")), "reply", 0.3)], edge=4)
        )

    def page_lookup(self, wide: bool) -> ComposeResult:
        yield TextField("7741", digits=True, id="find")
        yield Hits(
            [
                Hit(
                    "order",
                    "1",
                    (
                        "BT..7741",
                        "李**",
                        pick("蓝牙耳机 X2", "Headphones X2"),
                        "128.00",
                        pick("已签收 3天", "signed 3d"),
                    ),
                    pick("尾号", "tail"),
                    chip(100),
                ),
                Hit(
                    "order",
                    "2",
                    (
                        "BT..7741",
                        "郑**",
                        pick("A4 纸 5 包", "A4 paper 5"),
                        "89.00",
                        pick("已发货", "shipped"),
                    ),
                    pick("尾号", "tail"),
                ),
                Hit(
                    "customer",
                    "3",
                    ("139****0482", "李**", pick("4 单 2 工单", "4 orders 2 cases")),
                    pick("手机尾号", "phone tail"),
                ),
            ]
        )
        yield Vertical()

    def page_fields(self, wide: bool) -> ComposeResult:
        for field in (
            TextField(placeholder=pick("尾号 4 位起", "tail, from 4 digits")),
            TextField(digits=True, length=4, autoskip=True),
            TextField("secret", password=True),
            TextField("李女士要求当天到账"),
        ):
            yield field
            yield Say(" ")
        yield NoteArea("第一行\n第二行，比较长比较长比较长比较长比较长比较长")
        yield Vertical()

    def on_mount(self) -> None:
        for kind in (QueueList, Choices, TextField):
            for widget in self.query(kind):
                widget.focus()
                return

    def on_queue_list_need_page(self, event: QueueList.NeedPage) -> None:
        wanted = event.wanted
        rows = [row(n + 2) for n in range(wanted.index, wanted.index + wanted.limit)]
        self.query_one(QueueList).put_page(wanted.section, wanted.index, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", nargs="?", default="queue")
    parser.add_argument("--lang", default="zh", choices=("zh", "en"))
    parser.add_argument("--rows", type=int, default=23)
    parser.add_argument("--strip", default="")
    args = parser.parse_args()
    set_language(args.lang)
    Gallery(args.page, args.rows, args.strip).run()


if __name__ == "__main__":
    main()
