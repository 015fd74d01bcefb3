"""The ways out. One small module each: ``LIMIT`` per batch, ``LEASE_S`` for the slowest of them, and ``send``."""

from collections.abc import Mapping
from types import ModuleType

from notifications.choices import Channel
from notifications.transports import email, inapp, sms

# Quick ones first: a gateway that does not answer must not hold up anybody's inbox.
TRANSPORTS: Mapping[str, ModuleType] = {Channel.INAPP: inapp, Channel.EMAIL: email, Channel.SMS: sms}
