"""What this room says, to whom, in which words. Editors change the words on a page; the variables stay."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import register

ZH, EN = "zh-hans", "en"
ORDER = {"code": _("order code"), "what": _("what it is about"), "place": _("where")}
SAMPLE = {"code": "BX-261120-0147", "what": "整户没电", "place": "桔城路 18 号 2 栋"}


def _staff(kind, label, zh, en, variables=None, sample=None, sms=False):
    """A kind for colleagues: in-app always, SMS as well where it must not wait for somebody to look."""
    defaults = {("inapp", ZH): zh, ("inapp", EN): en}
    if sms:
        defaults |= {
            ("sms", ZH): ("", f"{{utility}}：{zh[0]}，{zh[1]}"),
            ("sms", EN): ("", f"{{utility}}: {en[0]}. {en[1]}"),
        }
    register(
        kind,
        label=label,
        variables=ORDER | (variables or {}),
        sample=SAMPLE | (sample or {}),
        defaults=defaults,
        audience="staff",
        optional={"note"} & set(variables or {}),
    )


def _customer(kind, label, zh, en, variables, sample, optional=()):
    register(
        kind,
        label=label,
        variables={
            "matter": _("what it is about, in the customer's words"),
            "tail": _("last digits of the code"),
            **variables,
        },
        sample={"matter": "您的报修", "tail": "0147", **sample},
        defaults={("sms", ZH): ("", zh), ("sms", EN): ("", en)},
        audience="customer",
        optional=optional,
    )


_customer(
    "order_received",
    _("Customer: received, with the promise"),
    "{utility}：收到{matter}。我们答应：{promise}。看进度 {url}，或拨 {hotline} 说尾号 {tail}。",
    "{utility}: we have {matter}. We promise: {promise}. Follow it at {url} or call {hotline} and say {tail}.",
    {"promise": _("what we promise"), "url": _("address of the tracking page")},
    {"promise": "今天 15:17 前到", "url": "https://example.org/follow/abc"},
)
_customer(
    "order_received_open",
    _("Customer: received, nothing promised"),
    "{utility}：收到{matter}，谢谢您告诉我们。看进度 {url}，或拨 {hotline} 说尾号 {tail}。",
    "{utility}: we have {matter}, thank you for telling us. Follow it at {url} or call {hotline} and say {tail}.",
    {"url": _("address of the tracking page")},
    {"url": "https://example.org/follow/abc"},
)
_customer(
    "told_late_time",
    _("Customer: it will be late, new time"),
    "{utility}：{matter}，说好{promise}，做不到了，对不起。{reason}。新的时间：{new_time} 前。",
    "{utility}: about {matter}. We said {promise}. We cannot keep that, sorry. {reason}. New time: by {new_time}.",
    {"promise": _("what was promised"), "reason": _("why"), "new_time": _("new time")},
    {"promise": "14:50 前到", "reason": "前一处修得比预计久", "new_time": "15:25"},
)
_customer(
    "told_late_news",
    _("Customer: it will be late, time not known"),
    "{utility}：{matter}，说好{promise}，做不到了，对不起。{reason}。还不知道几点，{news_time} 前再告诉您。",
    "{utility}: about {matter}. We said {promise}. We cannot keep that, sorry. {reason}."
    " We do not know the new time yet; next news by {news_time}.",
    {"promise": _("what was promised"), "reason": _("why"), "news_time": _("when there will be news")},
    {"promise": "14:50 前到", "reason": "前一处修得比预计久", "news_time": "15:15"},
)

_staff(
    "order_assigned",
    _("Handler: new order"),
    ("派给您：{what}", "{place}。{promise}"),
    ("For you: {what}", "{place}. {promise}"),
    {"promise": _("the tightest promise")},
    {"promise": "到场，15:17 前"},
    sms=True,
)
_staff(
    "order_amended",
    _("Handler: the order was put right"),
    ("改过了：{what}", "{place}。{reason}"),
    ("Put right: {what}", "{place}. {reason}"),
    {"reason": _("why it is amended")},
    {"reason": "报错了户号"},
    sms=True,
)
_staff(
    "order_returned",
    _("Dispatch desk: order came back"),
    ("退回来了：{what}", "{unit}退回，{reason}。{note}"),
    ("Came back: {what}", "{unit} returned it: {reason}. {note}"),
    {"unit": _("unit"), "reason": _("reason of the catalogue"), "note": _("note")},
    {"unit": "城北一班", "reason": "不属于本班范围", "note": ""},
)
_staff(
    "asked_again",
    _("Handler: the customer asked again"),
    ("客户又来问：{what}", "{note}"),
    ("The customer asked again: {what}", "{note}"),
    {"note": _("what the customer said")},
    {"note": "问师傅到哪了"},
)
_staff(
    "order_finished",
    _("Desk: done, the customer waits for an answer"),
    ("办好了，等答复客户：{what}", "{result}"),
    ("Done, answer the customer: {what}", "{result}"),
    {"result": _("result")},
    {"result": "换了表前空开，客户试过有电。"},
)
_staff(
    "dissatisfied",
    _("Unit lead: customer not satisfied"),
    ("客户不满意：{what}", "{remark}"),
    ("Customer not satisfied: {what}", "{remark}"),
    {"remark": _("what the customer said")},
    {"remark": "说晚了一小时没人打电话。"},
)
_staff(
    "safety",
    _("Duty: danger"),
    ("有危险：{what}", "{place}。{words}"),
    ("Danger: {what}", "{place}. {words}"),
    {"words": _("what the customer said")},
    {"words": "电线掉在路上，还在冒火花。"},
    sms=True,
)
CLOCK = {"clock": _("which promise"), "due_at": _("promised time")}
CLOCK_SAMPLE = {"clock": "到场", "due_at": "15:17"}
_staff(
    "clock_warn",
    _("Reminder before a time limit"),
    ("快到时限：{what}", "{clock}，{due_at} 前。{place}"),
    ("Time is running: {what}", "{clock} by {due_at}. {place}"),
    CLOCK,
    CLOCK_SAMPLE,
)
_staff(
    "clock_breach",
    _("Time limit passed"),
    ("已超时：{what}", "{clock}说好 {due_at} 前，没有做到。先告诉客户原因。{place}"),
    ("Promise broken: {what}", "{clock} was due by {due_at}. Tell the customer why first. {place}"),
    CLOCK,
    CLOCK_SAMPLE,
)
_staff(
    "clock_escalate",
    _("Escalation"),
    ("超时没人解决：{what}", "{clock}说好 {due_at} 前，现在在{unit}。{place}"),
    ("Still broken: {what}", "{clock} was due by {due_at}; it is with {unit}. {place}"),
    CLOCK | {"unit": _("unit")},
    CLOCK_SAMPLE | {"unit": "城北一班"},
)
