"""Fixed lists of the notifications room; the tag a page draws stands beside each value."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The way a message takes."""

    INAPP = "inapp", _("In-app")
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")

    @property
    def icon(self) -> str:
        return {"inapp": "bell", "email": "mail", "sms": "message-2"}[self.value]


class MessageState(models.TextChoices):
    """Where a message is on its way. One asks a person to look; the rest is plain."""

    QUEUED = "queued", _("Waiting")
    IN_FLIGHT = "in_flight", _("On its way")
    SENT = "sent", _("Sent")
    RETRY = "retry", _("Will try again")
    FAILED = "failed", _("Not sent")
    WITHHELD = "withheld", _("Will not be sent")

    @property
    def tag(self) -> str:
        return "look" if self is MessageState.FAILED else "plain"

    @property
    def icon(self) -> str:
        return {
            "queued": "clock",
            "in_flight": "navigation",
            "sent": "circle-check",
            "retry": "refresh",
            "failed": "alert-triangle",
            "withheld": "ban",
        }[self.value]


WAITING = (MessageState.QUEUED, MessageState.RETRY)
FINISHED = (MessageState.SENT, MessageState.FAILED, MessageState.WITHHELD)


class Audience(models.TextChoices):
    """Whom a kind of message speaks to; quiet hours spare customers only."""

    STAFF = "staff", _("Staff")
    CUSTOMER = "customer", _("Customers")


class Reason(models.TextChoices):
    """Why a message has not gone out, in our words; ``error`` beside it holds the provider's."""

    NO_TEXT = "no_text", _("There is no text for it")
    MISSING_VALUE = "missing_value", _("A value of the text is missing")
    NO_ADDRESS = "no_address", _("No phone or e-mail on file")
    BAD_ADDRESS = "bad_address", _("Not a phone number or e-mail address")
    LEFT = "left", _("The member no longer works here")
    NO_GATEWAY = "no_gateway", _("No SMS gateway is set up")
    NO_ANSWER = "no_answer", _("The service did not answer")
    NOT_NOW = "not_now", _("The provider asked to try later")
    REFUSED = "refused", _("The provider refused it")
    SENDER_DIED = "sender_died", _("The sender stopped on the way")
    BY_HAND = "by_hand", _("Stopped by hand")
    OVERTAKEN = "overtaken", _("Newer news came before it went out")
