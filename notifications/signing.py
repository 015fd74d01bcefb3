"""Pure: the signature that a batch carries to the SMS gateway and the gateway checks."""

import hashlib
import hmac

TIMESTAMP = "Denghuo-Timestamp"
SIGNATURE = "Denghuo-Signature"


def sign(*, key: str, timestamp: str, body: bytes) -> str:
    """Hex HMAC-SHA256 over ``timestamp``, a dot and ``body``."""
    return hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_signed(*, key: str, timestamp: str, body: bytes, signature: str) -> bool:
    """Whether ``signature`` is ours; in constant time."""
    return hmac.compare_digest(sign(key=key, timestamp=timestamp, body=body), signature)
