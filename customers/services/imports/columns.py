"""What the files look like: headings in both languages, which may be missing, and a sample of each."""

from collections.abc import Mapping

from django.utils.translation import get_language

from customers.choices import ImportKind

Columns = Mapping[str, tuple[str, ...]]

NETWORK: Columns = {
    "transformer": ("台区编号", "Transformer code"),
    "transformer_name": ("台区名称", "Transformer name"),
    "feeder": ("线路编号", "Feeder code"),
    "feeder_name": ("线路名称", "Feeder name"),
    "area": ("片区编号", "Area code"),
    "area_name": ("片区名称", "Area name"),
    "area_class": ("地区类别", "Area class"),
    "station": ("供电所代码", "Station code"),
    "crew": ("班组代码", "Crew code"),
    "district": ("区县编号", "District code"),
    "district_name": ("区县名称", "District name"),
}
CUSTOMERS: Columns = {
    "account_no": ("户号", "Account number"),
    "name": ("户名", "Name", "姓名"),
    "klass": ("用电类别", "Usage category"),
    "voltage": ("电压", "Voltage"),
    "importance": ("重要等级", "Important user"),
    "key_account": ("大客户等级", "Key account"),
    "flags": ("敏感标识", "Take care"),
    "language": ("语言", "Language"),
    "verified_on": ("核定日期", "Verified on"),
    "contact": ("联系人", "Contact"),
    "phone": ("电话", "Phone", "联系电话"),
    "address": ("地址", "Address", "用电地址"),
    "door": ("门牌", "Door number"),
    "meter_no": ("电表号", "Meter number", "表号"),
    "transformer": ("台区编号", "Transformer code"),
}
SUPPLY_POINTS: Columns = {
    column: CUSTOMERS[column] for column in ("account_no", "address", "door", "meter_no", "transformer")
}
COLUMNS: Mapping[str, Columns] = {
    ImportKind.NETWORK: NETWORK,
    ImportKind.CUSTOMERS: CUSTOMERS,
    ImportKind.SUPPLY_POINTS: SUPPLY_POINTS,
}
NEEDED: Mapping[str, frozenset[str]] = {
    ImportKind.NETWORK: frozenset({"transformer"}),
    ImportKind.CUSTOMERS: frozenset({"account_no", "name"}),
    ImportKind.SUPPLY_POINTS: frozenset({"account_no", "address", "transformer"}),
}
ROW_KEY = {ImportKind.NETWORK: "transformer", ImportKind.CUSTOMERS: "account_no", ImportKind.SUPPLY_POINTS: "meter_no"}

SAMPLES: Mapping[str, list[dict[str, str]]] = {
    ImportKind.NETWORK: [
        {
            "transformer": "JC03", "transformer_name": "桔城路 03 台区", "feeder": "F101", "feeder_name": "夜明珠一线",
            "area": "A01", "area_name": "夜明珠", "area_class": "城区", "station": "DJ01", "crew": "DJ01A",
            "district": "420502", "district_name": "西陵区",
        },
    ],
    ImportKind.CUSTOMERS: [
        {
            "account_no": "4200361772", "name": "陈淑兰", "klass": "居民", "voltage": "低压", "flags": "独居老人",
            "phone": "139 1234 2716", "address": "夜明珠街道桔城路18号2栋1单元", "door": "302",
            "meter_no": "4201990003381", "transformer": "JC03", "verified_on": "2026-09-30",
        },
        {
            "account_no": "4200117305", "name": "夷陵商贸有限公司", "klass": "商业", "voltage": "高压",
            "importance": "二级重要用户", "contact": "王建国", "phone": "0717-6221234", "address": "夷兴路45号（铺面）",
            "meter_no": "4201990000926", "transformer": "JC03",
        },
    ],
    ImportKind.SUPPLY_POINTS: [
        {
            "account_no": "4200361772", "address": "云集路 88 号", "meter_no": "4201990007310", "transformer": "JC03",
        },
    ],
}  # fmt: skip


def heading(kind: str, column: str) -> str:
    """What a column is called in the reader's language."""
    names = COLUMNS[kind][column]
    return names[1] if (get_language() or "").startswith("en") else names[0]


def sample_rows(kind: str) -> list[list[str]]:
    """Headings in the reader's language and rows to write over."""
    columns = list(COLUMNS[kind])
    return [[heading(kind, column) for column in columns]] + [
        [row.get(column, "") for column in columns] for row in SAMPLES[kind]
    ]
