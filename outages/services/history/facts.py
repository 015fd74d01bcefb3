"""What a file of past outages may say, and how its instants may be written."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Fact(models.TextChoices):
    """What a column says."""

    NUMBER = "number", _("Number of the outage")
    STAGE = "stage", _("Stage of the outage")
    BEGAN = "began_at", _("Off since")
    RESTORED = "restored_at", _("Back since")
    CUSTOMERS = "customers", pgettext_lazy("history fact", "Customers")
    CAUSE = "cause", _("Cause")
    PLANNED = "planned", pgettext_lazy("history fact", "Planned or not")
    FEEDER = "feeder", _("Feeder")
    UNIT = "unit", _("Unit code")


NEEDED = (Fact.NUMBER, Fact.BEGAN, Fact.RESTORED, Fact.CUSTOMERS)
ISO = "iso"
FORMS: Mapping[str, str] = {  # how a person writes it → as the trade's systems print it
    ISO: "2024-10-01T00:32:06Z",
    "%Y-%m-%d %H:%M:%S": "2024-10-01 00:32:06",
    "%Y-%m-%d %H:%M": "2024-10-01 00:32",
    "%Y/%m/%d %H:%M:%S": "2024/10/01 00:32:06",
    "%Y/%m/%d %H:%M": "2024/10/01 00:32",
    "%Y%m%d%H%M%S": "20241001003206",
    "%d/%m/%Y %H:%M": "01/10/2024 00:32",
    "%m/%d/%Y %H:%M": "10/01/2024 00:32",
}
GUESSES: Mapping[Fact, tuple[str, ...]] = {  # headings that say what they are, in small letters without spaces
    Fact.NUMBER: ("停电编号", "事件编号", "编号", "outage_id", "outageid", "id", "number"),
    Fact.STAGE: ("阶段", "步骤", "step", "stage"),
    Fact.BEGAN: ("停电时间", "停电开始时间", "开始时间", "off_since", "start", "started_at", "began_at", "start_time"),
    Fact.RESTORED: ("送电时间", "恢复时间", "结束时间", "back_since", "end", "ended_at", "restored_at", "end_time"),
    Fact.CUSTOMERS: ("停电户数", "户数", "customers", "customers_out", "customers_affected"),
    Fact.CAUSE: ("停电原因", "原因", "cause", "reason"),
    Fact.PLANNED: ("停电性质", "性质", "是否计划", "planned", "is_planned"),
    Fact.FEEDER: ("线路", "线路名称", "线路编号", "feeder", "line"),
    Fact.UNIT: ("单位代码", "供电所代码", "unit", "unit_code"),
}
