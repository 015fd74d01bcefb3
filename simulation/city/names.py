"""Names of people and firms that exist nowhere.

Source: the most frequent surnames with their weights from wainshine/Chinese-Names-Corpus (Apache-2.0), and a few
that are frequent around Yichang (望, 覃, 向, 谭, 鲁). Given names are put together from common characters.
"""

from random import Random

SURNAMES = {
    "王": 9520, "李": 9340, "张": 8960, "刘": 6770, "陈": 6130, "杨": 4270, "黄": 3260, "吴": 2680, "赵": 2670,
    "周": 2520, "徐": 1930, "孙": 1830, "马": 1720, "朱": 1700, "胡": 1550, "林": 1510, "郭": 1500, "何": 1400,
    "高": 1330, "罗": 1260, "郑": 1240, "梁": 1130, "谢": 1010, "宋": 932, "唐": 917, "许": 881, "邓": 821, "冯": 818,
    "韩": 815, "曹": 791, "曾": 772, "彭": 766, "肖": 739, "蔡": 701, "潘": 687, "田": 685, "董": 677, "袁": 667,
    "于": 642, "余": 620, "叶": 600, "杜": 560, "夏": 520, "钟": 500, "汪": 500, "石": 460, "熊": 450, "秦": 430,
    "向": 1500, "覃": 1200, "望": 500, "谭": 900, "鲁": 500, "欧阳": 110, "上官": 30, "单": 40, "解": 40,
}  # fmt: skip
GIVEN_F = (
    "芳", "秀英", "桂英", "敏", "静", "丽", "淑珍", "玉兰", "婷", "雪", "慧", "晓梅",
    "春梅", "红霞", "艳", "娟", "倩", "小琴", "美玲", "佳怡", "子涵", "欣怡", "诗雨", "梦洁",
    "云", "燕", "莉", "萍", "琳", "凤英", "秋菊", "玉珍", "雅文", "思思", "海燕", "冬梅",
    "丹", "蓉", "巧云", "明霞",
)  # fmt: skip
GIVEN_M = (
    "伟", "强", "磊", "军", "勇", "杰", "涛", "明", "超", "建国", "建军", "志强",
    "志刚", "国强", "国庆", "永红", "俊", "浩", "宇轩", "子豪", "文博", "天佑", "鹏", "辉",
    "波", "平", "斌", "成", "荣", "德华", "家栋", "少华", "开元", "祖望", "立新", "光明",
    "远志", "小龙", "大勇", "友富",
)  # fmt: skip

SHOPS = (
    "早餐店", "面馆", "便利店", "理发店", "火锅店", "水果行", "诊所", "药房", "网吧", "民宿",
    "服装店", "五金店", "洗衣房", "茶社", "超市", "修车行", "打印店", "烧烤店",
)  # fmt: skip
FIRMS = (
    "机械厂", "食品加工厂", "包装材料厂", "汽配厂", "冷链仓储", "纺织厂", "建材厂", "印刷厂",
    "水泥制品厂", "精细化工厂",
)  # fmt: skip
FARMS = (
    "柑橘合作社", "养鸡场", "抽水站", "蔬菜大棚", "茶叶合作社", "鱼塘", "育苗基地", "养猪场",
)  # fmt: skip
BODIES = (
    "小学", "社区卫生服务站", "居委会", "老年公寓", "幼儿园", "菜市场", "物业服务处", "文化站",
)  # fmt: skip

PREFIXES = ("130", "133", "135", "136", "138", "139", "150", "151", "158", "159", "177", "180", "186", "189")

_SURNAMES, _WEIGHTS = list(SURNAMES), list(SURNAMES.values())


def person(rng: Random) -> str:
    """A full name."""
    return rng.choices(_SURNAMES, _WEIGHTS)[0] + rng.choice(GIVEN_F if rng.random() < 0.5 else GIVEN_M)


def shop(rng: Random, place: str) -> str:
    """A shop or a public body of the neighbourhood."""
    if rng.random() < 0.16:
        return f"{place}{rng.choice(BODIES)}"
    head = rng.choices(_SURNAMES, _WEIGHTS)[0] + rng.choice("记家氏") if rng.random() < 0.6 else place
    return f"{head}{rng.choice(SHOPS)}"


def firm(rng: Random, place: str) -> str:
    """A factory."""
    return f"{place}{rng.choice('兴宏永金华长安泰')}{rng.choice('达源盛峰通利')}{rng.choice(FIRMS)}"


def farm(rng: Random, place: str) -> str:
    """A farm or a co-operative."""
    return f"{place}{rng.choice(FARMS)}"


def phone(rng: Random) -> str:
    """A mobile number whose middle block is always 0000, so that nobody mistakes it for a neighbour's."""
    return f"{rng.choice(PREFIXES)}0000{rng.randrange(10000):04d}"
