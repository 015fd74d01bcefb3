"""Words of the trade, in both languages side by side, for the help page."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Term:
    """A word as the house says it in Chinese and in English, and what it means."""

    zh: str
    en: str
    meaning: str | Promise


GLOSSARY = (
    Term("工单", "work order", _("The unit of promised work; a call may open several")),
    Term("时限", "time limit", _("One promise with a moment at which it is due; an order may carry several")),
    Term("受理", "receive", _("Write down what the customer asks, with the promise that goes with it")),
    Term("派单", "dispatch", _("Give the order to a unit or a crew")),
    Term("接单", "accept", _("The unit says yes; until then the dispatcher keeps the order")),
    Term("处理", "handle", _("The work itself: set off, arrive, finish")),
    Term("答复", "answer", _("Tell the customer the result, with time and channel on record")),
    Term("归档", "close", _("Answered and called back; nothing is owed any more")),
    Term("回访", "call-back", _("Asking the customer after the work, by somebody who did not do it")),
    Term("退单", "return", _("Sent back with a reason from the list")),
    Term("催办", "urge", _("The customer asks again while the order is open")),
    Term("督办", "supervise", _("A supervisor watches the order until it is closed")),
    Term("延期", "extension", _("A later date, asked before the limit and approved; the customer is told")),
    Term("挂起", "pause", _("The clock stands still for a reason from the list, never longer than its limit")),
    Term("并单", "merge", _("A second report of the same thing, linked under the first; can be undone")),
    Term("主办 · 协办", "lead · assist", _("The unit that owns the case, and those that help with a part of it")),
    Term("送电", "restore", _("Supply is back after a fault; the customer reads 来电")),
    Term("复电", "reconnect", _("Supply is back after arrears are paid")),
    Term("户号", "account number", _("Names the customer's supply contract")),
    Term("计量点", "supply point", _("Where electricity is delivered and metered")),
    Term("台区 · 线路", "transformer area · feeder", _("The network above a supply point")),
    Term("重要用户", "important user", _("Hospitals, water works and others whose supply is secured by grade")),
    Term("敏感客户", "sensitive customer", _("Life-support equipment, elderly alone, repeated complaints")),
    Term("属实 · 不属实", "upheld · not upheld", _("Whether a complaint is true; being reasonable is another finding")),
    Term("值班", "duty", _("Who answers for a role in a unit at a moment; alarms go there")),
    Term("十项承诺", "the ten promises", _("Limits the utility publishes; they outrank internal rules")),
)
