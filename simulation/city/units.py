"""The units of the demo utility, as in the pictures."""

from dataclasses import dataclass

from staff.choices import AreaClass, UnitKind

K, A = UnitKind, AreaClass


@dataclass(frozen=True)
class UnitPlan:
    """One unit of the tree; the parent comes before it."""

    code: str
    parent: str
    kind: str
    name: str
    name_en: str
    capacity: int = 8
    area_class: str = A.URBAN
    phone: str = ""


COMPANY, CENTRE, DESK, REMOTE, HALL, HALL_EAST = "XLGS", "XLZX", "PGT", "ZXB", "YYT", "YYT2"
MARKETING, INSPECTION, BUSINESS, BILLING, METERING, LIVE_LINE = "KF", "YJ", "YK", "ZW", "JL", "DD"
# What sayings call the departments.
DEPARTMENTS = {
    "marketing": MARKETING,
    "inspection": INSPECTION,
    "business": BUSINESS,
    "billing": BILLING,
    "metering": METERING,
    "live_line": LIVE_LINE,
}

UNITS = (
    UnitPlan(COMPANY, "", K.COMPANY, "西陵供电公司", "Xiling Power Supply"),
    UnitPlan(CENTRE, COMPANY, K.COUNTY, "西陵供电服务中心", "Xiling Service Center"),
    UnitPlan(HALL, CENTRE, K.HALL, "云集营业厅", "Yunji hall"),
    UnitPlan(HALL_EAST, CENTRE, K.HALL, "伍家岗营业厅", "Wujiagang hall"),
    UnitPlan(REMOTE, CENTRE, K.REMOTE_DESK, "95598 远程坐席", "95598 remote desk"),
    UnitPlan(DESK, CENTRE, K.DESK, "派工台", "Dispatch desk"),
    UnitPlan(MARKETING, CENTRE, K.DEPARTMENT, "营销客服班", "Customer care", 30),
    UnitPlan(INSPECTION, CENTRE, K.DEPARTMENT, "用电检查班", "Inspection", 12),
    UnitPlan(BUSINESS, CENTRE, K.DEPARTMENT, "业扩报装班", "New connections", 20),
    UnitPlan(BILLING, CENTRE, K.DEPARTMENT, "电费账务班", "Billing", 16),
    UnitPlan(METERING, CENTRE, K.DEPARTMENT, "计量班", "Metering", 20),
    UnitPlan("CB", CENTRE, K.STATION, "城北供电所", "North station", 30),
    UnitPlan("CB1", "CB", K.CREW, "城北一班", "North crew 1", 4),
    UnitPlan("CB2", "CB", K.CREW, "城北二班", "North crew 2", 4),
    UnitPlan("CZ", CENTRE, K.STATION, "城中供电所", "Central station", 30),
    UnitPlan("CZ1", "CZ", K.CREW, "城中一班", "Central crew 1", 4),
    UnitPlan("CZ2", "CZ", K.CREW, "城中二班", "Central crew 2", 4),
    UnitPlan("CN", CENTRE, K.STATION, "城南供电所", "South station", 20),
    UnitPlan("CN1", "CN", K.CREW, "城南一班", "South crew 1", 4),
    UnitPlan("WJ", CENTRE, K.STATION, "伍家岗供电所", "Wujiagang station", 20),
    UnitPlan("WJ1", "WJ", K.CREW, "伍家岗班", "Wujiagang crew", 3),
    UnitPlan("DJ", CENTRE, K.STATION, "点军供电所（农村）", "Dianjun station (rural)", 16, A.RURAL),
    UnitPlan("DJ1", "DJ", K.CREW, "点军一班", "Dianjun crew 1", 3, A.RURAL),
    UnitPlan("DJ2", "DJ", K.CREW, "桥边驻点班", "Qiaobian outpost", 2, A.REMOTE),
    UnitPlan(LIVE_LINE, CENTRE, K.CREW, "带电作业班", "Live-line crew", 2),
)
