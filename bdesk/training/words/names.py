"""Names by decade of birth (training.md D3), and the special ones that tables must survive."""

from bdesk.training.draw import Draw

SURNAMES: dict[str, float] = {
    "王": 7.1, "李": 7.0, "张": 6.7, "刘": 5.1, "陈": 4.6, "杨": 3.2, "黄": 2.5, "赵": 2.4, "吴": 2.3,
    "周": 2.2, "徐": 1.7, "孙": 1.6, "马": 1.4, "朱": 1.4, "胡": 1.3, "郭": 1.2, "何": 1.2, "林": 1.1,
    "高": 1.1, "罗": 1.0, "郑": 1.0, "梁": 0.9, "谢": 0.8, "宋": 0.8, "唐": 0.7, "许": 0.7, "韩": 0.7,
    "冯": 0.6, "邓": 0.6, "曹": 0.6, "彭": 0.5, "曾": 0.5, "肖": 0.5, "田": 0.5, "董": 0.5, "袁": 0.5,
    "潘": 0.4, "蒋": 0.4, "蔡": 0.4, "余": 0.4, "杜": 0.4, "叶": 0.4, "程": 0.4, "苏": 0.4, "魏": 0.4,
    "吕": 0.3, "丁": 0.3, "任": 0.3, "沈": 0.3, "姚": 0.3, "卢": 0.3, "傅": 0.2, "钟": 0.2, "崔": 0.2,
    "欧阳": 0.3, "司马": 0.2, "上官": 0.2, "诸葛": 0.1, "慕容": 0.1, "尉迟": 0.1,
}  # fmt: skip

GIVEN: dict[int, tuple[str, ...]] = {
    1950: ("建国", "秀英", "桂兰", "志强", "玉兰", "国华", "淑珍", "凤英", "德明", "玉梅"),
    1960: ("建华", "秀兰", "国强", "桂英", "志明", "春梅", "永福", "爱华", "红梅", "卫东"),
    1970: ("丽", "伟", "军", "静", "勇", "艳", "敏", "强", "海燕", "建军", "晓红", "文斌"),
    1980: ("磊", "婷", "鹏", "娜", "超", "莉", "洋", "丹", "晓东", "海涛", "雅静", "立新"),
    1990: ("鑫", "雪", "浩", "佳怡", "俊杰", "梦琪", "思远", "雨婷", "志豪", "嘉欣", "凯", "倩"),
    2000: ("子轩", "浩然", "欣怡", "梓涵", "宇轩", "诗涵", "雨桐", "博文", "思琪", "家豪"),
    2010: ("一诺", "奕辰", "沐宸", "若汐"),
}

DECADES: dict[int, float] = {1950: 5, 1960: 9, 1970: 17, 1980: 28, 1990: 29, 2000: 11, 2010: 1}

SPECIAL: tuple[tuple[str, int, str], ...] = (
    ("欧阳静怡", 1990, "oyjy"),
    ("买买提·吐尔逊", 1980, "mmttex"),
    ("阿依古丽·艾合买提", 1990, "aygl"),
    ("扎西次仁", 1980, "zxcr"),
    ("王𠅤", 1970, "w"),
    ("陈㛃", 1990, "cj"),
    ("刘喆", 1980, "lz"),
    ("张龘", 2000, "zd"),
    ("冯骉", 1980, "fb"),
    ("邬镕", 1970, "wr"),
    ("单于飞", 1990, "syf"),
    ("仇英", 1960, "qy"),
    ("李", 1990, "l"),
    ("MÜLLER, Anna-Lena", 1980, "mal"),
    ("佐々木", 1980, "zzm"),
    ("王伟 ", 1970, "ww"),
    ("王伟", 1980, "ww"),
    ("王伟", 1990, "ww"),
    ("周一诺", 2010, "zyn"),
)
"""Name, decade, initials: rare characters, a dot, Latin, a trailing blank, three of one name, a child."""

_INITIALS: dict[str, str] = {
    "a": "爱安阿", "b": "斌博彬", "c": "陈曹曾蔡程崔超春辰宸次", "d": "邓董杜丁丹东德迪豆",
    "f": "冯傅凤福飞", "g": "郭高国桂古官葛", "h": "黄胡何韩红华海浩涵豪", "j": "蒋建静军杰佳嘉家俊鑫骏",
    "k": "凯", "l": "李刘林罗梁吕卢丽兰磊莉立", "m": "马玛慕明梅敏梦沐", "n": "娜诺", "o": "欧",
    "p": "彭潘鹏", "q": "强琪倩奇", "r": "任容然若仁", "s": "孙宋苏沈司上秀淑思诗", "t": "唐田婷桐涛",
    "w": "王吴魏伟卫文尉", "x": "徐谢许肖晓欣雪新轩汐", "y": "杨袁余叶姚英玉永勇艳洋雅远雨怡宇阳燕一奕",
    "z": "张赵周朱郑钟诸志珍子梓迟",
}  # fmt: skip
_BY_CHARACTER = {character: letter for letter, all_of in _INITIALS.items() for character in all_of}
_BY_CHARACTER["鑫"] = "x"


def initials(name: str) -> str:
    """Pinyin initials for the search by name; characters without an entry are left out."""
    return "".join(_BY_CHARACTER.get(character, "") for character in name)


def draw_name(draw: Draw, decade: int) -> tuple[str, str]:
    """A full name with its initials."""
    name = draw.weighted(SURNAMES) + draw.pick(GIVEN[decade])
    return name, initials(name)
