"""What this room says to its people."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import register

register(
    "import_done",
    label=_("An import is done"),
    variables={"file": _("name of the file"), "written": _("rows written"), "wrong": _("rows to mend")},
    sample={"file": "客户.xlsx", "written": "99,997", "wrong": "3"},
    defaults={
        ("inapp", "zh-hans"): ("导入完了：{file}", "写进 {written} 行，要改的 {wrong} 行。"),
        ("inapp", "en"): ("Import done: {file}", "{written} rows written, {wrong} to mend."),
    },
)
