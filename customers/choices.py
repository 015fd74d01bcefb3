"""Fixed lists of the customers room, with the look of a value beside it (ui.md §6: tags)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# How a tag is drawn: "" outlined, "look" amber (a person to take care with), "dark" night (important user).
PLAIN, LOOK, DARK = "", "look", "dark"


class CustomerKlass(models.TextChoices):
    """Usage category: what the electricity is for."""

    RESIDENTIAL = "residential", _("Residential")
    BUSINESS = "business", _("Business")
    INDUSTRIAL = "industrial", _("Industrial")
    AGRICULTURAL = "agricultural", _("Agricultural")


class Voltage(models.TextChoices):
    """Supply voltage: low is under 1 kV."""

    LOW = "low", _("Low voltage")
    HIGH = "high", _("High voltage")


class Importance(models.TextChoices):
    """Grade of supply security of an important user 重要用户."""

    NONE = "none", pgettext_lazy("important user", "None")
    SPECIAL = "special", _("Important, special grade")
    FIRST = "first", _("Important, grade 1")
    SECOND = "second", _("Important, grade 2")
    TEMPORARY = "temporary", _("Important for a time")


class KeyAccount(models.TextChoices):
    """Grade of a key account 大客户, looked after by an account manager."""

    NONE = "none", pgettext_lazy("key account", "None")
    COUNTY = "county", _("County key account")
    CITY = "city", _("City key account")
    PROVINCE = "province", _("Provincial key account")


class Flag(models.TextChoices):
    """What to take care of with this customer (req 17); health flags are sensitive data (standards H1, art. 28)."""

    LIFE_SUPPORT = "life_support", _("Life support")
    ELDERLY_ALONE = "elderly_alone", _("Elderly, alone")
    MEDICAL = "medical", _("Medical need")
    DISABLED = "disabled", _("Disability")
    NON_CHINESE_SPEAKER = "non_chinese_speaker", _("Speaks no Chinese")
    REPEAT_COMPLAINANT = "repeat_complainant", _("Complained before")


FLAG_ICONS = {
    Flag.LIFE_SUPPORT: "heartbeat",
    Flag.ELDERLY_ALONE: "heart",
    Flag.MEDICAL: "stethoscope",
    Flag.DISABLED: "wheelchair",
    Flag.NON_CHINESE_SPEAKER: "language",
    Flag.REPEAT_COMPLAINANT: "message-report",
}


class Secrecy(models.TextChoices):
    """Secrecy level of a file (req 13). It holds until ``secrecy_until``; after that day the file is ordinary."""

    NONE = "none", pgettext_lazy("secrecy", "None")
    SECRET = "secret", pgettext_lazy("secrecy", "Secret")  # noqa: S105 - a level, not a password
    CONFIDENTIAL = "confidential", pgettext_lazy("secrecy", "Confidential")
    TOP_SECRET = "top_secret", pgettext_lazy("secrecy", "Top secret")  # noqa: S105


class ContactRole(models.TextChoices):
    """Who a contact is to the customer."""

    OWNER = "owner", _("Owner")
    FAMILY = "family", _("Family")
    TENANT = "tenant", _("Tenant")
    MANAGER = "manager", _("In charge")
    ELECTRICIAN = "electrician", _("Electrician")
    OTHER = "other", pgettext_lazy("contact", "Other")


class Language(models.TextChoices):
    """The language a customer is written to in; the codes of ``settings.LANGUAGES``."""

    CHINESE = "zh-hans", _("Chinese")
    ENGLISH = "en", _("English")


class Purpose(models.TextChoices):
    """Why somebody looks at what is masked: the catalogue (standards H1, art. 6: a purpose for every look)."""

    CALL_BACK = "call_back", _("Call the customer")
    ON_SITE = "on_site", _("Go to the place")
    VERIFY = "verify", _("Check who is calling")
    CORRECT = "correct", _("Correct the file")
    COMPLAINT = "complaint", _("Work on a complaint")
    INSPECTION = "inspection", _("Inspection or audit")


class Secret(models.TextChoices):
    """What is masked and can be shown for a purpose."""

    PHONE = "phone", _("Phone")
    DOOR = "door", _("Door number")


class ImportKind(models.TextChoices):
    """What a file brings."""

    NETWORK = "network", _("Network")
    CUSTOMERS = "customers", _("Customers")
    SUPPLY_POINTS = "supply_points", _("Supply points")


class ImportState(models.TextChoices):
    """Where an import stands."""

    READING = "reading", _("Reading the file")
    CHECKED = "checked", _("Checked")
    APPLYING = "applying", _("Being applied")
    DONE = "done", pgettext_lazy("import", "Done")
    FAILED = "failed", _("Could not be read")
    DROPPED = "dropped", _("Dropped")


class RowState(models.TextChoices):
    """Where one row of an import stands; a row that is written is gone from the staging table."""

    READY = "ready", _("Ready")
    WRONG = "wrong", _("Needs mending")
