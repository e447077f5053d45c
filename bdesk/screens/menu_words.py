"""Pinyin and its initials for what the menu finds: "tk" is 退款. Letters only, as they are typed."""

import unicodedata

PINYIN = {
    "online": "zx zaixian",
    "break": "xx xiaoxiu",
    "away": "lk likai",
    "after_call": "hh huahou",
    "board": "zbt zhibantai sp shenpi",
    "notices": "gg gonggao announce",
    "keys": "gnj gongnengjian",
    "card": "ldk laidianka ld laidian",
    "language": "yy yuyan zw zhongwen english chinese",
    "keytest": "ajcs anjianceshi",
    "promised": "jtdcn cn chengnuo jintian promise today",
    "handover": "jb jiaoban jj jiaojie",
    "exit": "tc tuichu quit leave",
    "desk.help": "bz bangzhu",
    "case.rule": "bz bangzhu gz guize",
    "desk.queue": "dl duilie",
    "desk.find": "cz chazhao",
    "queue.filter": "cz chazhao",
    "lookup.clear": "qk qingkong",
    "call.clear": "qk qingkong",
    "desk.customer": "kh kehu",
    "desk.note": "bq bianqian",
    "supervisor.queue": "dl duilie",
    "supervisor.filter": "cz chazhao",
    "supervisor.pass_on": "sj shengji zj zhuanjiao",
    "supervisor.take_over": "jg jieguan lq lingqu",
    "queue.call": "jld jilaidian ld laidian",
    "call.end": "js jieshu",
    "desk.park": "gq guaqi tb tingbiao",
    "desk.raise": "sj shengji zj zhuanjiao",
    "desk.commit": "zx zhixing do",
    "desk.take": "jj jiejian lq lingqu",
    "kind.refund": "tk tuikuan",
    "kind.wallet_refund": "qbtk qianbaotuikuan",
    "kind.shipment_delay": "wfh weifahuo",
    "kind.payment_failure": "zfsb zhifushibai",
    "kind.after_sale": "sh shouhou",
    "kind.appeal": "ss shensu",
    "kind.unfreeze": "jd jiedong",
    "kind.login": "dl denglu",
    "kind.account_change": "zhbg zhanghubiangeng",
    "kind.records": "jl jilu",
    "kind.complaint": "ts tousu",
    "kind.feedback": "fk fankui",
    "kind.progress": "jdcx jinduchaxun",
    "kind.suspicious": "kyhd keyihuodong",
    "kind.wallet_limits": "qbxe qianbaoxiane",
    "kind.consultation": "zx zixun",
}


def folded(text: str) -> str:
    """A text as it is compared with what was typed: full-width letters and case make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()
