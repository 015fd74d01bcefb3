"""E-mail through Django's mail backend: one connection a batch, plain text, Message-ID made of the dedupe key."""

import hashlib
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from notifications.choices import Reason
from notifications.transports.base import Outcome, Outgoing, Unreachable, later, refused, sent

LIMIT = 50
LEASE_S = 600  # fifty slow ones at settings.EMAIL_TIMEOUT each


def send(batch: list[Outgoing]) -> dict[str, Outcome]:
    """Send over one connection. A connection lost on the way leaves the rest for later. Raises: Unreachable."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        raise Unreachable(f"mail server: {error}") from error
    outcomes: dict[str, Outcome] = {}
    try:
        for one in batch:
            try:
                outcomes[one.key] = _send_one(one, connection)
            except (OSError, SMTPException) as error:
                gone = later(f"mail server: {error}", reason=Reason.NO_ANSWER)
                return {other.key: gone for other in batch} | outcomes
    finally:
        _close(connection)
    return outcomes


def message_id(key: str) -> str:
    """The same for every attempt, so that a mail box which has it already can drop the second."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def _send_one(one: Outgoing, connection: BaseEmailBackend) -> Outcome:
    """Raises: OSError, SMTPException when the connection itself is gone."""
    try:
        validate_email(one.to)
    except ValidationError:
        return refused("", reason=Reason.BAD_ADDRESS)
    name = message_id(one.key)
    mail = EmailMessage(one.subject, one.text, to=[one.to], headers={"Message-ID": name}, connection=connection)
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _answer(code, words)
    except (SMTPSenderRefused, SMTPDataError) as error:
        return _answer(error.smtp_code, error.smtp_error)
    except ValueError as error:  # a header that is none
        return refused(str(error))
    return sent(name)


def _answer(code: int, words: bytes | str) -> Outcome:
    """SMTP says 5xx for never and 4xx for not now."""
    text = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
    return refused(text) if code >= 500 else later(text)


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, SMTPException):  # what it sent is sent
        return
