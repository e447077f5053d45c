"""What customers write and say (training.md D5): forty matters, each in several voices.

Slots are filled from the facts the case is about, so a text never contradicts them unless its matter
wants that. Voices after the first are short, angry, dialect or speech-to-text, with its typical errors.
"""

from dataclasses import dataclass

from bdesk.models.kinds import CaseFlag, CaseKind, Channel, RefundReason

_K = CaseKind
_C = Channel
_R = RefundReason


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that customers ask. `need` names the facts it must be drawn about (see `cases.plan`)."""

    number: int
    kind: CaseKind
    channel: Channel
    need: str
    voices: tuple[str, ...]
    reason: RefundReason | None = None
    desired: str = ""
    subject: str = ""
    flags: tuple[CaseFlag, ...] = ()


MATTERS: tuple[Matter, ...] = (
    Matter(1, _K.REFUND, _C.HOTLINE, "signed_recent", (
        "我{date}买的{item}，收到一打开就是坏的，{part}都裂了，我要退款，订单号{order_no}。",
        "{item}坏的，退钱。",
        "你好我那个{item}收到打开就是坏的{part}裂了我要退宽单号{order_no}",
        "咋个回事嘛，{item}拿到手就是烂的，给我退了哈。",
    ), _R.QUALITY, "全额退款", "{item}开箱即坏"),
    Matter(2, _K.REFUND, _C.REFUND_FORM, "signed_recent", (
        "商品质量问题，{item}用了一次就坏了，附照片{n}张，申请全额退款{amount}元。",
        "质量太差，{item}用一次就不行了，照片已传。",
        "什么破质量！！{item}用了一次就坏，必须退！！",
    ), _R.QUALITY, "全额退款", "{item}用一次就坏"),
    Matter(3, _K.REFUND, _C.APP_CHAT, "signed_station", (
        "物流显示签收了但我根本没收到，驿站也没有，{carrier}单号{waybill}，请退钱。",
        "没收到货，显示签收了？？",
        "那个快递写的签收了我没拿到驿站也说没有单号{waybill}帮我退一下",
    ), _R.NOT_RECEIVED, "退款", "显示签收未收到"),
    Matter(4, _K.REFUND, _C.EMAIL, "signed_recent", (
        "你们发错货了，我订的是{item}，来的是{other_item}，开箱视频在附件，要求退款并承担运费。",
        "发错货，要的{item}，来的{other_item}。",
        "我定的{item}给我发或发成{other_item}了视频我拍了",
    ), _R.WRONG_ITEM, "退款并承担运费", "发错货"),
    Matter(5, _K.REFUND, _C.HOTLINE, "signed_recent", (
        "我不想要了，七天无理由总可以吧？吊牌我剪了，不过没穿。",
        "不想要了，能退不？",
        "俺不想要咧，七天无理由，吊牌剪了没穿。",
    ), _R.NO_REASON, "退货退款", "无理由退货, 吊牌已剪"),
    Matter(6, _K.REFUND, _C.HOTLINE, "unshipped", (
        "订单{order_no}还没发货，我不等了，直接退给我，钱退到我微信不要退钱包。",
        "没发货，取消退钱，退微信。",
        "还没发呢我不要了钱退我微信里别退那个钱包",
    ), _R.LATE_SHIPPING, "取消并退款", "未发货取消"),
    Matter(7, _K.REFUND, _C.AFTER_SALE_FORM, "signed_fruit", (
        "买的{item}烂了一大半，冷链送来都是水，拍了照片，收到{hours}小时。",
        "{item}烂了，有照片。",
        "{item}都烂透了！！拿什么吃！！退钱！！",
    ), _R.QUALITY, "全额退款", "{item}腐烂"),
    Matter(8, _K.REFUND, _C.HOTLINE, "signed_recent", (
        "上次你们拒绝了，说没证据，现在我有{evidence}，再给我审一遍。",
        "上次拒了，现在有{evidence}了，再审。",
        "上回说没证据现在有了{evidence}你们再看一下子",
    ), _R.QUALITY, "重新审核", "补充证据再次申请"),
    Matter(9, _K.REFUND, _C.REFUND_FORM, "double_paid", (
        "重复付款，同一单扣了我两次{amount}元，麻烦尽快退一笔。",
        "扣了两次钱，退一笔。",
        "怎么扣我两次！！{amount}！！马上退！！",
    ), _R.DUPLICATE_PAYMENT, "退回一笔", "重复扣款"),
    Matter(10, _K.REFUND, _C.HOTLINE, "signed_recent", (
        "我儿子拿我手机买了{amount}元的{item}，他才{age}岁，这个能退吗？",
        "小孩{age}岁，乱买的，能退吗",
        "娃儿拿我手机买的{item}，才{age}岁，可以退不嘛？",
    ), _R.MINOR, "退款", "未成年人下单"),
    Matter(11, _K.WALLET_REFUND, _C.APP_CHAT, "wallet_purchase", (
        "b特派钱包里有一笔{amount}元付给{merchant}，东西已经退了，钱怎么还没回来？",
        "{amount}元退货的钱没到账。",
        "钱包那笔{amount}东西都退了钱咋还没回来呢",
    ), None, "退回钱包", "钱包退款未到"),
    Matter(12, _K.WALLET_REFUND, _C.HOTLINE, "wallet_transfer", (
        "我转账转错人了，{amount}元，你们给我退回来。",
        "转错人了{amount}，退回来。",
        "唉呀转错了转给别人了{amount}块钱能不能给我要回来",
    ), None, "退回转账", "转账转错人"),
    Matter(13, _K.SHIPMENT_DELAY, _C.HOTLINE, "unshipped_late", (
        "订单{order_no}付款{days}天了还是待发货，到底什么时候发？",
        "{days}天了还不发货？",
        "付了钱{days}天了还没发或到底啥时候发",
        "再不发我就投诉了！！都{days}天了！！",
    ), None, "尽快发货", "付款{days}天未发货"),
    Matter(14, _K.SHIPMENT_DELAY, _C.APP_CHAT, "unshipped", (
        "页面写{eta}前发货，今天才{today}，能不能今天就发？我着急用。",
        "能今天发吗，急用。",
        "能不能快点给我发一下我着急要用的",
    ), None, "提前发货", "催发货, 未到期"),
    Matter(15, _K.SHIPMENT_DELAY, _C.HOTLINE, "shipped_silent", (
        "单号给了三天了物流一条都没有，是不是假发货？",
        "没物流，假发货吧？",
        "单号有了物流不动三天了你们是不是假发或啊",
    ), None, "核实物流", "物流无更新"),
    Matter(16, _K.SHIPMENT_DELAY, _C.WEB_CHAT, "split", (
        "我买了几件只到了一件，剩下的呢？",
        "少了，剩下的呢",
        "几样东西就来了一样其他的还来不来",
    ), None, "补发其余", "只到一件"),
    Matter(17, _K.SHIPMENT_DELAY, _C.EMAIL, "unshipped_late", (
        "由于贵司迟迟不发货，影响我{event}使用，要求补偿并说明原因。",
        "不发货，耽误{event}，要补偿。",
        "你们不发货害我{event}都没得用要赔的呀",
    ), None, "补偿并说明", "延迟发货要求补偿"),
    Matter(18, _K.SHIPMENT_DELAY, _C.HOTLINE, "unsynced", (
        "一直显示待付款，可我明明付过钱了！短信都收到扣款了。",
        "付了钱还显示待付款。",
        "明明付了短信都有了它还说待付款",
    ), None, "核实付款", "已扣款仍待付款"),
    Matter(19, _K.SHIPMENT_DELAY, _C.HOTLINE, "presale", (
        "预售的，写的{eta}发，现在想换个颜色可以吗？",
        "预售能换颜色吗",
        "预售那个想换个色儿行不行",
    ), None, "更换颜色", "预售换颜色"),
    Matter(20, _K.PAYMENT_FAILURE, _C.APP_CHAT, "payment_failed", (
        "一付款就提示“{error}”，余额够的，换了wifi也不行。",
        "付不了，{error}。",
        "付款老是{error}余额够的呀换网也不行",
    ), None, "完成付款", "付款失败: {error}"),
    Matter(21, _K.PAYMENT_FAILURE, _C.HOTLINE, "payment_failed", (
        "付不了{amount}元，说超出限额，怎么提高？",
        "限额怎么提？",
        "说我超限额了咋提高一下",
    ), None, "提高限额", "超出限额"),
    Matter(22, _K.PAYMENT_FAILURE, _C.HOTLINE, "payment_failed", (
        "我在{country}，钱包付款一直失败。",
        "在{country}付不了款",
        "人在{country}钱包用不了一直失败",
    ), None, "完成付款", "境外付款失败"),
    Matter(23, _K.AFTER_SALE, _C.AFTER_SALE_FORM, "signed_recent", (
        "申请换货：尺码不合适，{size_a}换{size_b}，未穿未洗，吊牌齐全。",
        "换码，{size_a}换{size_b}。",
        "大了换个{size_b}的没穿过",
    ), None, "换货", "换尺码"),
    Matter(24, _K.AFTER_SALE, _C.HOTLINE, "signed_old", (
        "{item}用了{months}个月就不工作了，说好保修的，你们来修还是换？",
        "{item}坏了，保修。",
        "{item}用{months}个月就罢工咯，保修期内给修不？",
    ), None, "保修", "{item}保修"),
    Matter(25, _K.AFTER_SALE, _C.APP_CHAT, "signed_past", (
        "我要退货，但已经过了八天，昨天出差没来得及，能通融吗？",
        "过了八天还能退吗",
        "出差耽误了就过了一天通融一下嘛",
    ), None, "退货", "超期一天求通融"),
    Matter(26, _K.AFTER_SALE, _C.AFTER_SALE_FORM, "signed_recent", (
        "定制的{item}刻错字了，申请退款重做。",
        "刻错字了，重做。",
        "字都刻错了！！怎么送人！！",
    ), None, "退款重做", "定制刻错字"),
    Matter(27, _K.APPEAL, _C.EMAIL, "after_decision", (
        "对售后单{as_no}的处理结果不服，理由如下：你们说超过期限，但页面写的是十四天，"
        "附聊天记录和支付截图，要求全额退款。",
        "不服{as_no}的结果，重审。",
        "你们这个结果不对页面明明写十四天我有截图",
    ), None, "改判退款", "不服售后结果"),
    Matter(28, _K.APPEAL, _C.FEEDBACK_CENTER, "after_decision", (
        "申诉：客服{agent_no}答应退款，后来又说不行，有通话录音。",
        "{agent_no}说好退的又不退。",
        "你们{agent_no}那个客服答应好的又反悔我有录音的",
    ), None, "兑现承诺", "承诺未兑现"),
    Matter(29, _K.APPEAL, _C.HOTLINE, "after_decision", (
        "我第一次申诉被驳回了，我再补充鉴定报告，还有其他买家的评价，请你们换人重新看。",
        "二次申诉，有鉴定报告。",
        "上次申诉给驳了这回我有鉴定了换个人看",
    ), None, "换人复核", "二次申诉"),
    Matter(30, _K.APPEAL, _C.HOTLINE, "after_decision", (
        "我不跟你说了，叫你们领导来，不然我打12315。",
        "叫领导！",
        "找你们管事的来，不然俺打12315。",
    ), None, "领导处理", "要求升级"),
    Matter(31, _K.COMPLAINT, _C.HOTLINE, "any_order", (
        "我打了{n}次电话，每次都要重新说一遍，你们到底有没有记录？",
        "第{n}次打了，没人管？",
        "打了{n}回了次次从头讲有没得记录嘛",
    ), None, "给出答复", "反复来电未解决"),
    Matter(32, _K.COMPLAINT, _C.SOCIAL, "any_order", (
        "@B特派 客服态度太差了，说“你爱投诉就投诉”，大家避雷！订单{order_no}",
        "@B特派 避雷！客服什么态度",
        "@B特派 这个态度绝了，爱投诉就投诉，行",
    ), None, "道歉", "公开发帖投诉态度"),
    Matter(33, _K.COMPLAINT, _C.EMAIL, "any_order", (
        "书面投诉：处理时效过长，自{date}起已{days}天，希望得到书面答复及合理补偿。",
        "书面投诉，拖了{days}天，请答复。",
        "从{date}拖到现在给个书面说法",
    ), None, "书面答复", "书面投诉时效"),
    Matter(34, _K.UNFREEZE, _C.HOTLINE, "frozen", (
        "我的钱包被冻结了，昨天给工人发工资转了二十笔，急用钱，赶紧给我解开。",
        "钱包冻了，急用！",
        "我发工资转了二十笔你们给我冻了工人等着拿钱呢",
    ), None, "解冻", "发工资后被冻结"),
    Matter(35, _K.UNFREEZE, _C.APP_CHAT, "frozen", (
        "换了新手机在{city}登录，钱包就不让用了。",
        "换手机钱包用不了了",
        "换了个新手机就不给用钱包了",
    ), None, "解冻", "换机登录被冻结"),
    Matter(36, _K.UNFREEZE, _C.HOTLINE, "frozen", (
        "有个警官说我涉案要我先解冻再把钱转到安全账户，你帮我快点。",
        "警官让我马上解冻，快点。",
        "警察打电话喊我解冻转到安全账户你搞快点",
    ), None, "解冻", "疑似受骗要求解冻"),
    Matter(37, _K.LOGIN, _C.HOTLINE, "any_customer", (
        "一直说用户名或密码不对，手机号也换了，收不到验证码。",
        "登不上，手机号换了。",
        "老说密码不对手机号换了收不到码",
    ), None, "恢复登录", "手机号已换无法登录"),
    Matter(38, _K.ACCOUNT_CHANGE, _C.HOTLINE, "any_customer", (
        "我要改绑定手机和银行卡，你直接帮我改，新号{new_phone}，验证码发给我我念给你。",
        "改手机号，新号{new_phone}。",
        "帮我改个手机号码{new_phone}码我念给你",
    ), None, "更改绑定", "更改手机和银行卡"),
    Matter(39, _K.RECORDS, _C.EMAIL, "wallet_purchase", (
        "请提供我{year}年{m1}月至{m2}月的消费记录，PDF格式，用于报销；另有一笔{amount}元不是我本人消费。",
        "要{m1}到{m2}月消费记录，报销。",
        "开一下{m1}月到{m2}月的记录报销用",
    ), None, "导出记录", "导出消费记录"),
    Matter(40, _K.FEEDBACK, _C.FEEDBACK_FORM, "any_customer", (
        "建议订单页加一个“催发货”按钮，另外短信太多了，能不能合并。",
        "短信太多了。",
        "短信一天好几条合并一下行不行",
    ), None, "", "建议: 催发货按钮, 短信合并"),
    Matter(41, _K.PROGRESS, _C.HOTLINE, "any_order", (
        "我上次报的那个事情，现在处理到哪一步了？",
        "查一下进度。",
        "上回那个单子弄到哪了",
    ), None, "告知进度", "查询进度"),
    Matter(42, _K.SECURITY, _C.APP_CHAT, "wallet_purchase", (
        "刚收到一条消费提醒{amount}元，不是我付的，快帮我看看！",
        "{amount}不是我付的！",
        "有笔{amount}不是我弄的咋办",
    ), None, "核实交易", "非本人消费"),
    Matter(43, _K.WALLET_LIMITS, _C.WALLET_APP, "any_customer", (
        "钱包单日限额能不能调到两万？最近要付装修款。",
        "限额怎么调？",
        "限额太低了装修款付不出去",
    ), None, "调整限额", "调整单日限额"),
    Matter(44, _K.CONSULTATION, _C.WEB_CHAT, "any_customer", (
        "想问一下退货的运费谁出？不合适可以换吗？",
        "退货运费谁出",
        "问一哈退货运费哪个出嘛",
    ), None, "", "咨询运费规则"),
    Matter(45, _K.REFUND, _C.REFUND_FORM, "signed_past", (
        "买回来一直没用，现在不想要了，申请退货退款。",
        "不想要了，退。",
        "放着没用不想要了给退了吧",
    ), _R.NO_REASON, "退货退款", "无理由退货, 已超期"),
    Matter(46, _K.REFUND, _C.APP_CHAT, "shipped_silent", (
        "快递好多天不动了，是不是丢了？丢了就给我退款。",
        "快递丢了？退款。",
        "快递好几天不动是不是丢了丢了就退我",
    ), _R.NOT_RECEIVED, "退款", "物流停滞"),
    Matter(47, _K.REFUND, _C.REFUND_FORM, "signed_recent", (
        "{item}少发了一件，箱子里只有一件，开箱照片已传，退少的那件。",
        "少一件，退差的。",
        "数了好几遍都少一件退一件的钱就行",
    ), _R.MISSING_ITEM, "退少发的一件", "{item}少件"),
    Matter(48, _K.REFUND, _C.APP_CHAT, "signed_recent", (
        "页面写的是加厚款，收到的{item}很薄，跟描述完全不一样，我要退。",
        "跟图片不一样，退。",
        "图上那么厚到手薄得很这不是骗人嘛退了吧",
    ), _R.NOT_AS_DESCRIBED, "退货退款", "{item}与描述不符"),
    Matter(49, _K.REFUND, _C.WEB_CHAT, "signed_recent", (
        "{date}{amount}元买的{item}，今天就降价了，能把差价退给我吗？",
        "降价了，退差价。",
        "刚买就降价差价退我一下嘛",
    ), _R.PRICE_DIFFERENCE, "退差价", "{item}降价退差"),
    Matter(50, _K.REFUND, _C.HOTLINE, "wallet_purchase", (
        "有一笔{amount}元的订单不是我下的，手机没离过身，你们给我查一下退回来。",
        "这单不是我买的，退。",
        "这个不是我弄的呀谁用我号买的赶紧退",
    ), _R.UNAUTHORISED, "核实并退款", "非本人下单"),
    Matter(51, _K.REFUND, _C.APP_CHAT, "signed_recent", (
        "{item}用着不太满意，也说不上坏，能退吗？",
        "不满意，想退。",
        "用着不得劲儿能退不",
    ), _R.DISSATISFIED, "退货退款", "{item}不满意"),
    Matter(52, _K.REFUND, _C.AFTER_SALE_FORM, "signed_past", (
        "退货已经寄回去了，仓库也签收了，退款怎么还没有？",
        "退货到了，钱呢？",
        "货都退回去好几天了钱咋还没到",
    ), _R.RETURNED_GOODS, "退款", "退货已签收未退款"),
    Matter(53, _K.REFUND, _C.APP_CHAT, "unshipped", (
        "刚下单就发现买错了，还没发货，帮我取消订单退款。",
        "买错了，取消。",
        "买错咯还没发货帮我取消掉",
    ), _R.UNSHIPPED_CANCEL, "取消并退款", "买错取消"),
)  # fmt: skip

_LONG_PARTS = (
    "您好。我是贵平台的老用户，写这封信是想把事情从头到尾说清楚，免得每次来电都要重新讲一遍。",
    "我在{date}下单购买了{item}，订单号{order_no}，实付{amount}元，页面上写的是全新正品、支持七天无理由。",
    "收到当天我和家人一起开箱，外箱有一角压扁，里面的泡沫也碎了，我当时就拍了照片。",
    "第一次使用的时候就发现不对：声音很大，而且有一股焦味，说明书上的步骤我都是照做的。",
    "我先联系了在线客服，客服让我断电再试，我照做了，问题依旧，聊天记录我都保留着。",
    "第二天我又打了热线，等了二十多分钟，接电话的同事说会有人回电，但是一直没有等到。",
    "这期间我还请邻居的电工师傅看过，他说应该是内部的部件在运输中松动了，不建议继续使用。",
    "我理解双十一期间单量大，各位同事也辛苦，所以一直没有着急，只是希望有一个明确的答复。",
    "我的要求很简单：一，按实付金额全额退款，退回原来的支付方式；二，退回运费由贵方承担；",
    "三，请告诉我处理的时间，不要再让我反复打电话。附件里是照片三张和聊天记录一份，请查收。",
    "如果还需要其他材料，请一次告诉我，我会尽快补齐。谢谢，祝工作顺利。",
)
LONG_LENGTH = 1200


def long_email(slots: dict[str, str]) -> str:
    """An e-mail of exactly 1 200 characters about an order (training.md D5)."""
    body = "".join(_LONG_PARTS).format(**slots)
    while len(body) < LONG_LENGTH:
        body += "补充说明：" + "".join(_LONG_PARTS[2:8])
    return body[:LONG_LENGTH]


ODD_TEXTS: tuple[str, ...] = (
    "😡😡😡👎",
    "Hi, my order {order_no} arrived broken. I would like a refund to the original card, please. Thank you.",
    "您好，我買的{item}收到時已經損壞，麻煩盡快處理退款，謝謝。",
    "我的卡号是6200 0000 0000 0000，验证码123456，你直接帮我退到这张卡上吧。",
)
"""Emoji only, English, traditional, and a card number with a code, which the note scanner must catch."""

SLOT_WORDS: dict[str, tuple[str, ...]] = {
    "part": ("壶底", "外壳", "盖子", "底座", "边角"),
    "error": ("网络异常", "余额不足", "渠道维护", "超出限额", "账户受限"),
    "evidence": ("照片", "视频", "发票", "聊天记录", "检测报告", "支付截图", "开箱视频"),
    "event": ("婚礼", "生日", "开学", "装修", "出差"),
    "country": ("新加坡", "日本", "英国", "美国"),
    "size_a": ("M", "L", "XL"),
    "size_b": ("S", "XXL"),
    "merchant": ("山野果园(训练)", "一方家居(训练)"),
}

NOTES: tuple[str, ...] = (
    "客户在外面，下午三点后方便接电话",
    "已告知工单号，客户记下了",
    "客户情绪激动，先致歉再说明进度",
    "客户问过一次进度，已说明",
    "客户说材料晚点再传",
    "客户希望先发短信再来电",
)
