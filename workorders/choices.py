"""Fixed lists of the work-order room, in the trade's words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What a customer asks for (standards A5.1); a task is what we owe a customer without having been asked."""

    FAULT = "fault", _("Fault report")
    INQUIRY = "inquiry", _("Inquiry")
    COMPLAINT = "complaint", _("Complaint")
    TIP_OFF = "tip_off", _("Tip-off")
    SUGGESTION = "suggestion", _("Suggestion")
    OPINION = "opinion", _("Opinion")
    PRAISE = "praise", _("Praise")
    SERVICE = "service", _("Service request")
    TASK = "task", pgettext_lazy("order", "Task")


class ServiceType(models.TextChoices):
    """Which service is requested."""

    RECONNECTION = "reconnection", _("Reconnection")
    METER_CHECK = "meter_check", _("Meter check")
    READING_ANOMALY = "reading_anomaly", _("Reading anomaly")
    APPLIANCE_DAMAGE = "appliance_damage", _("Appliance damage")
    VOLTAGE_QUALITY = "voltage_quality", _("Voltage quality")
    DATA_CHANGE = "data_change", _("Name or data change")
    OTHER = "other", _("Other service")


class Situation(models.TextChoices):
    """What a fault looks like from the customer's side."""

    WHOLE = "whole", _("No power at all")
    PARTIAL = "partial", _("Part of it is off")
    VOLTAGE = "voltage", _("Voltage unsteady")
    DANGER = "danger", _("Something dangerous")


class State(models.TextChoices):
    """Where an order stands; six of them are the windows of the UI."""

    RECEIVED = "received", pgettext_lazy("state", "Received")
    DISPATCHED = "dispatched", pgettext_lazy("state", "Dispatched")
    ACCEPTED = "accepted", pgettext_lazy("state", "Accepted")
    IN_PROGRESS = "in_progress", pgettext_lazy("state", "In progress")
    RESOLVED = "resolved", pgettext_lazy("state", "Resolved")
    ANSWERED = "answered", pgettext_lazy("state", "Answered")
    CLOSED = "closed", pgettext_lazy("state", "Closed")
    RETURNED = "returned", pgettext_lazy("state", "Returned")
    CANCELLED = "cancelled", pgettext_lazy("state", "Cancelled")
    MERGED = "merged", pgettext_lazy("state", "Merged")


ENDED = frozenset({State.CLOSED, State.CANCELLED, State.MERGED})
OPEN = frozenset(State) - ENDED
# The window that is lit while an order stands in a state; 6 = all of them.
WINDOW = {
    State.RECEIVED: 0,
    State.RETURNED: 0,
    State.DISPATCHED: 1,
    State.ACCEPTED: 2,
    State.IN_PROGRESS: 3,
    State.RESOLVED: 3,
    State.ANSWERED: 4,
    State.CLOSED: 6,
    State.CANCELLED: 6,
    State.MERGED: 6,
}
STATE_ICON = {State.RETURNED: "arrow-back-up", State.CANCELLED: "ban", State.MERGED: "git-merge"}


class Channel(models.TextChoices):
    """Where the customer came to us (req 43)."""

    COUNTER = "counter", _("Counter visit")
    HOTLINE = "hotline", _("Hotline 95598")
    WEB = "web", _("Online hall")
    CITY_HOTLINE = "city_hotline", _("City hotline 12345")
    REGULATOR = "regulator", _("Regulator's hotline 12398")
    CONDUCT_LINE = "conduct_line", _("Conduct hotline")
    VISIT = "visit", _("Home visit")
    LETTER = "letter", _("Letter")
    MEDIA = "media", _("Media")
    INSIDE = "inside", _("Our own doing")


WAYS_IN = [choice for choice in Channel.choices if choice[0] != Channel.INSIDE]  # what a form offers


class CustomerClass(models.TextChoices):
    """The classes of customers that rules may tell apart."""

    RESIDENTIAL = "residential", _("Residential")
    BUSINESS = "business", _("Business")
    INDUSTRIAL = "industrial", _("Industrial")
    AGRICULTURAL = "agricultural", _("Agricultural")


class Verb(models.TextChoices):
    """What happened to an order: one word per timeline row."""

    RECEIVE = "receive", pgettext_lazy("verb", "Received")
    AMEND = "amend", pgettext_lazy("verb", "Amended")
    ADD_CONTACT = "add_contact", pgettext_lazy("verb", "Customer asked again")
    CONTACT = "contact", pgettext_lazy("verb", "Customer contacted")
    DISPATCH = "dispatch", pgettext_lazy("verb", "Dispatched")
    TRANSFER = "transfer", pgettext_lazy("verb", "Transferred")
    ACCEPT = "accept", pgettext_lazy("verb", "Accepted")
    SET_OFF = "set_off", pgettext_lazy("verb", "Set off")
    ARRIVE = "arrive", pgettext_lazy("verb", "Arrived")
    FINISH = "finish", pgettext_lazy("verb", "Finished")
    ANSWER = "answer", pgettext_lazy("verb", "Answered")
    CALL_BACK = "call_back", pgettext_lazy("verb", "Called back")
    CALL_TRIED = "call_tried", pgettext_lazy("verb", "Called back, not reached")
    CLOSE = "close", pgettext_lazy("verb", "Closed")
    RETURN = "return", pgettext_lazy("verb", "Returned")
    CANCEL = "cancel", pgettext_lazy("verb", "Cancelled")
    CORRECT = "correct", pgettext_lazy("verb", "Time corrected")
    TAKE_BACK = "take_back", pgettext_lazy("verb", "Taken back")
    TELL_LATE = "tell_late", pgettext_lazy("verb", "Customer told it will be late")
    NOTE = "note", pgettext_lazy("verb", "Note")
    ALARM = "alarm", pgettext_lazy("verb", "Alarm")
    TOLD = "told", pgettext_lazy("verb", "Customer told")
    RECALCULATE = "recalculate", pgettext_lazy("verb", "Limits recalculated")
    HAND_OVER = "hand_over", pgettext_lazy("verb", "Handed over")
    MOVE = "move", pgettext_lazy("verb", "Other time set")


class ClockKind(models.TextChoices):
    """What a clock waits for; the staff word."""

    DISPATCH = "dispatch", pgettext_lazy("clock", "Dispatch")
    ACCEPT = "accept", pgettext_lazy("clock", "Accept")
    CONTACT = "contact", pgettext_lazy("clock", "Contact")
    ARRIVE = "arrive", pgettext_lazy("clock", "Arrive")
    RESTORE = "restore", pgettext_lazy("clock", "Restore")
    RECONNECT = "reconnect", pgettext_lazy("clock", "Reconnect")
    ANSWER = "answer", pgettext_lazy("clock", "Answer")
    CALL_BACK = "call_back", pgettext_lazy("clock", "Call back")
    DONE = "done", pgettext_lazy("clock", "Get done")


class ClockState(models.TextChoices):
    """A void clock was overtaken by events (cancelled, answered at first contact) and counts nowhere."""

    WAITING = "waiting", _("Waiting to start")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")
    VOID = "void", _("Not needed")


class Base(models.TextChoices):
    """What time a limit is counted in."""

    AROUND_CLOCK = "around_clock", _("Around the clock")
    WORKING_TIME = "working_time", _("Working time")
    WORKING_DAYS = "working_days", _("Working days")
    MOMENT = "moment", _("Until a moment that is set")


ON_THE_WALL = frozenset({Base.AROUND_CLOCK, Base.MOMENT})  # counted in plain time, whatever the calendar says


class Target(models.TextChoices):
    """A cap holds for every order; an average is published over many (standards A2.3)."""

    CAP = "cap", _("Cap")
    AVERAGE = "average", _("Average")


class Confidence(models.TextChoices):
    """How sure we are of a rule's figure (standards, head of the page)."""

    PRIMARY = "V", _("Read in the official text")
    SECONDARY = "V2", _("Read in a secondary page")
    DEMAND = "R", _("Demanded by the source documents")
    QUESTION_BANK = "Q", _("Unconfirmed: question bank")
    BACKGROUND = "B", _("Unconfirmed: background knowledge")


UNCONFIRMED = frozenset({Confidence.QUESTION_BANK, Confidence.BACKGROUND})


class Stage(models.TextChoices):
    """The alarms of a clock, in the order they fire."""

    WARN = "warn", _("Reminder")
    BREACH = "breach", _("Time limit passed")
    ESCALATE_1 = "escalate_1", _("First escalation")
    ESCALATE_2 = "escalate_2", _("Second escalation")
    ESCALATE_3 = "escalate_3", _("Third escalation")


class ReturnReason(models.TextChoices):
    """Why an order comes back (standards A8.4)."""

    WRONG_UNIT = "wrong_unit", _("Not our unit or territory")
    WRONG_KIND = "wrong_kind", _("Wrong kind of order")
    FIELD_MISSING = "field_missing", _("Contact, address or meter number missing")
    DUPLICATE = "duplicate", _("Duplicate")
    NOT_UTILITY = "not_utility", _("Not the utility's responsibility")
    OFF_TOPIC = "off_topic", _("Answer does not meet what was asked")
    NO_CONTACT = "no_contact", _("No record of contacting the customer")
    NO_EVIDENCE = "no_evidence", _("Result without evidence")
    INCONSISTENT = "inconsistent", _("Times or figures do not fit")
    NO_ACCESS = "no_access", _("We cannot get in")
    LIVE_LINE = "live_line", _("Needs live-line work")


class LateReason(models.TextChoices):
    """Why we will be late, in words a neighbour would use."""

    JOB_BEFORE = "job_before", _("The job before takes longer than thought")
    TRAFFIC = "traffic", _("Traffic on the way")
    WEATHER = "weather", _("Bad weather")
    PARTS = "parts", _("A part has to be fetched first")
    MANY_FAULTS = "many_faults", _("Many faults at once")
    ACCESS = "access", _("We cannot get in")
    OTHER_UNIT = "other_unit", _("Another department has to act first")
    CHECKING = "checking", _("It takes longer to find out")
    OTHER = "other", _("Another reason")


class AnswerWay(models.TextChoices):
    """By which way a customer was told the outcome."""

    PHONE = "phone", _("By phone")
    IN_PERSON = "in_person", _("In person")
    SMS = "sms", _("By SMS")
    WRITING = "writing", _("In writing")


class Cause(models.TextChoices):
    """Where a fault was; kept as it is written in an event, so values are never renamed."""

    BREAKER = "breaker", _("Switch or fuse")
    SERVICE_LINE = "service_line", _("Service line")
    METER_BOX = "meter_box", _("Meter box")
    TRANSFORMER = "transformer", _("Transformer area")
    FEEDER = "feeder", _("Feeder")
    INSIDE = "inside", _("Customer's own side")
    NOTHING = "none", _("Nothing found")


class Phase(models.TextChoices):
    """When a photo was taken: the three a repair is shown by (req 35)."""

    BEFORE = "before", pgettext_lazy("photo", "Before")
    DURING = "during", pgettext_lazy("photo", "During")
    AFTER = "after", pgettext_lazy("photo", "After")


class CallBackResult(models.TextChoices):
    """What came of a call-back."""

    SATISFIED = "satisfied", _("Satisfied")
    FAIR = "fair", _("Fairly satisfied")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")
    NOT_REACHED = "not_reached", _("Not reached")
