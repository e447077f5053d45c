"""Provinces, cities, districts that fit together, and invented streets and houses (training.md D3)."""

from dataclasses import dataclass

from bdesk.training.draw import Draw


@dataclass(frozen=True, slots=True)
class Place:
    province: str
    city: str
    district: str
    postcode: str
    area: str
    weight: float


_TABLE = """
北京|北京市|朝阳区|100020|010|5
上海|上海市|浦东新区|200120|021|5
天津|天津市|和平区|300041|022|1
重庆|重庆市|渝中区|400010|023|1
广东|广州市|天河区|510630|020|6
广东|深圳市|南山区|518052|0755|6
广东|东莞市|南城街道|523000|0769|3
浙江|杭州市|余杭区|311100|0571|6
浙江|义乌市|稠城街道|322000|0579|3
江苏|南京市|鼓楼区|210009|025|5
江苏|苏州市|姑苏区|215005|0512|5
山东|济南市|历下区|250014|0531|4
山东|青岛市|市南区|266071|0532|4
河南|郑州市|金水区|450003|0371|7
河北|石家庄市|长安区|050011|0311|5
四川|成都市|武侯区|610041|028|6
湖北|武汉市|武昌区|430060|027|5
湖南|长沙市|岳麓区|410006|0731|4
福建|厦门市|思明区|361001|0592|3
福建|福州市|鼓楼区|350001|0591|2
安徽|合肥市|蜀山区|230031|0551|4
江西|南昌市|东湖区|330006|0791|0.6
陕西|西安市|雁塔区|710061|029|3
辽宁|沈阳市|和平区|110001|024|3
吉林|长春市|朝阳区|130012|0431|0.6
黑龙江|哈尔滨市|南岗区|150001|0451|0.6
山西|太原市|小店区|030006|0351|0.6
广西|南宁市|青秀区|530021|0771|0.6
云南|昆明市|五华区|650021|0871|0.6
贵州|贵阳市|云岩区|550001|0851|0.5
甘肃|兰州市|城关区|730030|0931|0.4
新疆|乌鲁木齐市|天山区|830002|0991|0.4
西藏|拉萨市|城关区|850000|0891|0.2
内蒙古|呼和浩特市|新城区|010010|0471|0.3
宁夏|银川市|兴庆区|750001|0951|0.2
青海|西宁市|城中区|810000|0971|0.2
海南|海口市|美兰区|570203|0898|0.3
香港|香港|九龙||852|0.2
"""

PLACES: tuple[Place, ...] = tuple(
    Place(cells[0], cells[1], cells[2], cells[3], cells[4], float(cells[5]))
    for line in _TABLE.split()
    if (cells := line.split("|"))
)
REMOTE = frozenset({"新疆", "西藏", "青海", "内蒙古", "海南"})
"""Freight is dearer there."""

STREETS = ("人民路", "建设路", "解放路", "和平街", "新华路", "学府路", "滨河路")

_WEIGHTS = {place: place.weight for place in PLACES}


def draw_place(draw: Draw) -> Place:
    return draw.weighted(_WEIGHTS)


def draw_address(draw: Draw, place: Place) -> str:
    """A house in 训练花园, which no city has."""
    flat = f"{draw.between(1, 28)}0{draw.between(1, 4)}室"
    house = f"训练花园{draw.between(1, 36)}号楼{draw.between(1, 6)}单元{flat}"
    return f"{place.district}{draw.pick(STREETS)}{draw.between(1, 399)}号{house}"
