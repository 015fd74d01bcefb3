"""Names of days off in the reader's language. Notes are kept as the notice has them, in Chinese."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

IN_LIEU = "补假"
NAMES = {
    "元旦": gettext_lazy("New Year"),
    "春节": gettext_lazy("Spring Festival"),
    "清明节": gettext_lazy("Qingming"),
    "劳动节": gettext_lazy("Labour Day"),
    "端午节": gettext_lazy("Dragon Boat Festival"),
    "中秋节": gettext_lazy("Mid-Autumn Festival"),
    "国庆节": gettext_lazy("National Day"),
}


def day_name(note: str) -> str:
    """The name of a day for people: a known one translated, another as the operator wrote it."""
    if note.endswith(IN_LIEU) and note.removesuffix(IN_LIEU) in NAMES:
        return _("%(name)s, in lieu") % {"name": NAMES[note.removesuffix(IN_LIEU)]}
    return str(NAMES.get(note, note))
