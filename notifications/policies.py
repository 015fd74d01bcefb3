"""Who may do what with messages. No queries beyond the actor's own scope."""

from django.utils.translation import gettext_lazy as _

from common.access import ALLOW, Decision, deny
from notifications.choices import MessageState
from notifications.models import Message
from staff.choices import Role
from staff.models import Member
from staff.selectors import scope_of

SEE_OUTGOING = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR})
ACT_ON_OUTGOING = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
EDIT_TEMPLATES = frozenset({Role.EDITOR, Role.ADMINISTRATOR})
SET_QUIET_HOURS = frozenset({Role.ADMINISTRATOR})


def can_see_outgoing(actor: Member) -> Decision:
    """The list of everything that went out."""
    if scope_of(actor).has(*SEE_OUTGOING):
        return ALLOW
    return deny(_("Outgoing messages are for supervisors, auditors and administrators."))


def can_act_on_outgoing(actor: Member) -> Decision:
    """Sending again and holding back, whatever the message."""
    if scope_of(actor).has(*ACT_ON_OUTGOING):
        return ALLOW
    return deny(_("Only supervisors and administrators send again or hold back."))


def can_send_again(actor: Member, message: Message) -> Decision:
    """A message that did not go out may be sent again by a person."""
    if not message.is_stopped:
        return deny(_("Only a message that was not sent can be sent again."), by_role=False)
    return can_act_on_outgoing(actor)


def can_withhold(actor: Member, message: Message) -> Decision:
    """A message that still waits may be held back."""
    if not message.is_waiting and message.state != MessageState.FAILED:
        return deny(_("Only a message that still waits can be held back."), by_role=False)
    return can_act_on_outgoing(actor)


def can_edit_templates(actor: Member) -> Decision:
    """The words that messages use."""
    if scope_of(actor).has(*EDIT_TEMPLATES):
        return ALLOW
    return deny(_("Message texts are for editors and administrators."))


def can_set_quiet_hours(actor: Member) -> Decision:
    """When customers are left alone."""
    if scope_of(actor).has(*SET_QUIET_HOURS):
        return ALLOW
    return deny(_("Quiet hours are set by administrators."))
