"""SMS through a signed HTTP gateway that takes batches. The protocol is written down in docs/messages.md."""

import json
import time
from typing import Any

import requests
from django.conf import settings

from notifications.addresses import is_phone
from notifications.choices import Reason
from notifications.signing import SIGNATURE, TIMESTAMP, sign
from notifications.transports.base import Outcome, Outgoing, Unreachable, later, refused, sent

LIMIT = 500
LEASE_S = 60
SPLIT_ON = {400, 413, 422}  # the batch as such is refused: find the one that spoils it


def send(batch: list[Outgoing]) -> dict[str, Outcome]:
    """Send in one request; a batch refused as a whole is halved until the culprit stands alone. Raises: Unreachable."""
    outcomes = {one.key: refused("", reason=Reason.BAD_ADDRESS) for one in batch if not is_phone(one.to)}
    dialable = [one for one in batch if one.key not in outcomes]
    if not settings.SMS_GATEWAY_URL:
        return outcomes | {one.key: _without_gateway() for one in dialable}
    return outcomes | (_post(dialable) if dialable else {})


def _without_gateway() -> Outcome:
    """In development the mailbox page is the gateway; in production a missing one must be seen."""
    return sent("mailbox") if settings.DEV_PAGES else refused("SMS_GATEWAY_URL", reason=Reason.NO_GATEWAY)


def _post(batch: list[Outgoing]) -> dict[str, Outcome]:
    body = json.dumps({"batch": [{"key": one.key, "to": one.to, "text": one.text} for one in batch]}).encode()
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        TIMESTAMP: timestamp,
        SIGNATURE: sign(key=settings.SMS_GATEWAY_KEY, timestamp=timestamp, body=body),
    }
    try:
        # No session: a reply left over on a kept connection can then never be read as the answer to the next batch.
        reply = requests.post(
            settings.SMS_GATEWAY_URL, data=body, headers=headers, timeout=settings.SMS_TIMEOUT_S, allow_redirects=False
        )
    except requests.RequestException as error:
        raise Unreachable(f"SMS gateway: {type(error).__name__}") from error
    if reply.status_code in SPLIT_ON:
        return _halve(batch, reply.status_code)
    if reply.status_code != 200:
        raise Unreachable(f"SMS gateway answered {reply.status_code}")
    return _read(batch, reply)


def _halve(batch: list[Outgoing], status: int) -> dict[str, Outcome]:
    if len(batch) == 1:
        return {batch[0].key: refused(f"SMS gateway answered {status}")}
    middle = len(batch) // 2
    return _post(batch[:middle]) | _post(batch[middle:])


def _read(batch: list[Outgoing], reply: requests.Response) -> dict[str, Outcome]:
    """One outcome for each of ours; of a key answered twice the first counts, silence about one means later."""
    try:
        results: list[dict[str, Any]] = reply.json()["results"]
        said = {result["key"]: result for result in reversed(results)}
    except (ValueError, KeyError, TypeError) as error:
        raise Unreachable("SMS gateway: an answer that cannot be read") from error
    return {one.key: _outcome(said.get(one.key)) for one in batch}


def _outcome(result: dict[str, Any] | None) -> Outcome:
    if result is None:
        return later("", reason=Reason.NO_ANSWER)
    if result.get("status") in ("accepted", "duplicate"):  # a duplicate is one we sent and did not hear back about
        return sent(str(result.get("id", "")))
    reason = str(result.get("reason") or "")
    return later(reason) if result.get("temporary") else refused(reason)
