"""What this room tells customers, in which words. Editors change the words on a page; the variables stay."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.kinds import register

ZH, EN = "zh-hans", "en"
COMMON = {
    "place": _("where"),
    "reason": _("why"),
    "url": _("address of the public page"),
    "stop": _("for those who asked to hear of it: how to stop it"),
}
SAMPLE = {
    "place": "东苑街道一带",
    "reason": "电缆坏了，要换一段",
    "url": "https://example.org/power/TD-261120-0001",
    "stop": "退订：https://example.org/power/following/k3v9",
}
TIMES: Mapping[str, tuple[Promise, str]] = {
    "starts": (_("from when"), "11 月 24 日 周二 8:30"),
    "ends": (_("to when"), "11 月 24 日 周二 17:00"),
    "began": (_("since when"), "13:20"),
    "back": (_("when the power will be back"), "16:30"),
    "news": (_("when there will be news"), "15:15"),
    "was": (_("the time told before"), "15:30"),
}


def _tell(kind, label, zh, en, *times):
    register(
        f"outage_{kind}",
        label=label,
        variables=COMMON | {name: TIMES[name][0] for name in times},
        sample=SAMPLE | {name: TIMES[name][1] for name in times},
        defaults={
            ("sms", ZH): ("", "{utility}：" + zh + "{url} {stop}"),
            ("sms", EN): ("", "{utility}: " + en + " {url} {stop}"),
        },
        audience="customer",
        optional={"reason", "stop"},
    )


_tell(
    "announced",
    _("Outage: announced"),
    "{place}计划停电，{starts} 至 {ends}。{reason}。",
    "planned outage, {place}, from {starts} to {ends}. {reason}.",
    "starts",
    "ends",
)
_tell(
    "off",
    _("Outage: power is off, with a time"),
    "{place} {began} 起停电，预计 {back} 前来电。{reason}。",
    "the power is off, {place}, since {began}. Expected back by {back}. {reason}.",
    "began",
    "back",
)
_tell(
    "off_unknown",
    _("Outage: power is off, time not known"),
    "{place} {began} 起停电，还不知道几点来电，{news} 前再告诉您。{reason}。",
    "the power is off, {place}, since {began}. We do not know yet until when; next news by {news}. {reason}.",
    "began",
    "news",
)
_tell(
    "changed",
    _("Outage: something changed"),
    "{place}停电有变化：{reason}。",
    "the outage, {place}, has changed: {reason}.",
)
_tell(
    "estimate",
    _("Outage: another time of return"),
    "{place}停电，新的来电时间：{back} 前。{reason}。",
    "outage, {place}: the power is now expected back by {back}. {reason}.",
    "back",
)
_tell(
    "estimate_unknown",
    _("Outage: time of return not known any more"),
    "{place}停电，还不知道几点来电，{news} 前再告诉您。{reason}。",
    "outage, {place}: we do not know yet when the power will be back; next news by {news}. {reason}.",
    "news",
)
_tell(
    "back",
    _("Outage: power is back"),
    "{place}已来电。您家还没电，请回电话告诉我们。",
    "the power is back, {place}. If yours is not, please call us.",
)
_tell(
    "postponed",
    _("Outage: put off to another time"),
    "{place}停电延期到 {starts} 至 {ends}。{reason}。",
    "the outage, {place}, is put off: now from {starts} to {ends}. {reason}.",
    "starts",
    "ends",
)
_tell(
    "postponed_open",
    _("Outage: put off, new time not known"),
    "{place}停电延期，新的时间另行通知。{reason}。",
    "the outage, {place}, is put off; we will tell you the new time. {reason}.",
)
_tell(
    "cancelled",
    _("Outage: called off"),
    "{place}不停电了。{reason}。",
    "the outage, {place}, is called off; the power stays on. {reason}.",
)
KINDS = [
    f"outage_{kind}"
    for kind in ("announced", "off", "off_unknown", "changed", "estimate", "estimate_unknown", "back", "postponed",
                 "postponed_open", "cancelled")
]  # fmt: skip


register(
    "storm_digest",
    label=_("Storm mode: what fired"),
    variables={
        "unit": _("unit"),
        "near": _("near their limit"),
        "broken": _("past their limit"),
        "until": _("until when"),
    },
    sample={"unit": "西陵供电服务中心", "near": 38, "broken": 12, "until": "15:30"},
    defaults={
        ("inapp", ZH): (
            "风暴期汇总：超时 {broken}，临近 {near}",
            "{unit}到 {until} 为止：超时 {broken} 单，临近时限 {near} 单。看板上按剩余时间排好了。",
        ),
        ("inapp", EN): (
            "Storm mode: {broken} past their limit, {near} near it",
            "{unit} up to {until}: {broken} past their limit, {near} near it. The board has them in order.",
        ),
    },
)
ASKED = {
    "starts": TIMES["starts"][0], "ends": TIMES["ends"][0], "mw": _("megawatts asked of this user"),
    "reason": COMMON["reason"],
}  # fmt: skip
ASKED_SAMPLE = {"starts": TIMES["starts"][1], "ends": TIMES["ends"][1], "mw": "2.5", "reason": "全省高温，电力不够用"}


def _ask(kind, label, zh, en):
    register(
        f"orderly_{kind}",
        label=label,
        variables=ASKED,
        sample=ASKED_SAMPLE,
        defaults={("sms", ZH): ("", "{utility}：" + zh), ("sms", EN): ("", "{utility}: " + en)},
        audience="customer",
    )


_ask(
    "shift",
    _("Orderly use: shift the peak"),
    "{reason}。{starts} 至 {ends}，请把 {mw} 兆瓦用电移到别的时段。书面通知会送到，请签收。",
    "{reason}. From {starts} to {ends}, please move {mw} MW to another time. A written notice follows;"
    " please sign for it.",
)
_ask(
    "avoid",
    _("Orderly use: avoid the peak"),
    "{reason}。{starts} 至 {ends}，请避开高峰，少用 {mw} 兆瓦。书面通知会送到，请签收。",
    "{reason}. From {starts} to {ends}, please use {mw} MW less. A written notice follows; please sign for it.",
)
_ask(
    "limit",
    _("Orderly use: limit"),
    "{reason}。{starts} 至 {ends} 限电，请把用电降低 {mw} 兆瓦。书面通知会送到，请签收。",
    "{reason}. From {starts} to {ends} your use is limited: lower it by {mw} MW. A written notice follows;"
    " please sign for it.",
)
_ask(
    "cut",
    _("Orderly use: cut"),
    "{reason}。{starts} 至 {ends} 停电，涉及您 {mw} 兆瓦，请提前停好设备。书面通知会送到，请签收。",
    "{reason}. From {starts} to {ends} your supply is cut, {mw} MW. Please shut down before. A written notice follows;"
    " please sign for it.",
)
_ask(
    "off",
    _("Orderly use: called off"),
    "{starts} 至 {ends} 的有序用电取消了，照常用电。{reason}。",
    "the orderly use from {starts} to {ends} is called off; use power as usual. {reason}.",
)
_ask(
    "over",
    _("Orderly use: over early"),
    "{starts} 开始的有序用电提前结束，可以照常用电了。",
    "the orderly use that began {starts} is over early; use power as usual.",
)
CODE = "outage_code"  # not news of an outage: nothing overtakes it
register(
    CODE,
    label=_("Outages: code for who asks to hear of them"),
    variables={"code": _("the code"), "minutes": _("how many minutes it holds")},
    sample={"code": "204817", "minutes": 15},
    defaults={
        ("sms", ZH): ("", "{utility}：{code} 是您要停电消息的验证码，{minutes} 分钟内有效。不是您要的，就不用理它。"),
        ("sms", EN): (
            "",
            "{utility}: {code} is your code for outage messages, good for {minutes} minutes. "
            "If you did not ask, do nothing.",
        ),
    },
    audience="customer",
)
