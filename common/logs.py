"""Structured logs: who, which request, which task — and never whose phone or which door.

Production writes one JSON object a line, development readable lines. Every event, ours or a library's, tracebacks
included, passes `mask_people` last.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject, empty

PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?![0-9A-Za-z])")
LANDLINE = re.compile(r"(?<![0-9A-Za-z.:-])(0\d{2,3})[- ]?\d{3,4}[- ]?(\d{4})(?![0-9A-Za-z])")
IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{9}[\dXx](?![0-9A-Za-z])")
EMAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
# A street, lane or estate with what follows it down to the door: 中山路 18 号 3 栋 2 单元 501 室
STREET = re.compile(
    r"([路街巷弄道村组园苑区庄屯])\s*"
    r"(?:(?:[0-9A-Za-z一二三四五六七八九十百]+\s*(?:号|栋|幢|座|楼|层|单元|室|户|组|-)\s*)+\d*|\d+(?!\d|[:.%]))"
)
PERSONAL = frozenset({"phone", "phones", "address", "door", "email", "identity_no", "contact", "to", "recipient"})
IDS = frozenset({"request_id", "task_id", "parent_task_id", "child_task_id", "timestamp", "actor", "staff_no", "level"})
PROBES = frozenset({"GET /healthz", "GET /readyz", "GET /metrics"})
QUERY = re.compile(r"\?\S*")

Event = MutableMapping[str, Any]


def mask_people(_logger: object, _method: str, event: Event) -> Event:
    """Mask phones, identity numbers, e-mail and street addresses wherever they stand; drop query values from
    requests."""
    return {key: value if key in IDS else masked(value, key) for key, value in event.items()}


def masked(value: Any, key: str = "") -> Any:
    """``value`` without anything that leads to a person; containers are gone through, other types stay."""
    if isinstance(value, str):
        return hidden(value) if key in PERSONAL and value else mask_text(QUERY.sub(names_only, value))
    if isinstance(value, Mapping):
        return {name: masked(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [masked(inner, key) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and key in PERSONAL:
        return hidden(str(value))
    return value


def mask_text(text: str) -> str:
    """Phones keep their first three and last four figures, addresses end with the street."""
    text = IDENTITY.sub("[id]", text)
    text = PHONE.sub(r"\1****\2", text)
    text = LANDLINE.sub(r"\1-****\2", text)
    text = EMAIL.sub(r"***@\1", text)
    return STREET.sub(r"\1***", text)


def hidden(text: str) -> str:
    """A value that is personal as a whole: a phone keeps its ends, anything else only says that something was there."""
    short = mask_text(text)
    return short if PHONE.search(text) or LANDLINE.search(text) or EMAIL.search(text) else "***"


def names_only(match: re.Match[str]) -> str:
    """``?q=陈&page=2`` as ``?q=…&page=…``: what was asked for, not whom."""
    names = [part.split("=", 1)[0] for part in match.group()[1:].split("&")]
    return "?" + "&".join(f"{name}=…" for name in names) if "=" in match.group() else match.group()


def drop_probes(_logger: object, _method: str, event: Event) -> Event:
    """Health checks that were answered well are not worth a line every few seconds."""
    if event.get("request") in PROBES and event.get("code") == 200:
        raise structlog.DropEvent
    return event


def name_actor(_logger: object, _method: str, event: Event) -> Event:
    """django-structlog's ``user_id`` (it is the staff number here) under the name it deserves."""
    if "user_id" in event:
        actor = event.pop("user_id")
        if actor is not None:
            event["actor"] = actor
    return event


class ActorMiddleware:
    """Everything logged while a page is made names the member who asked for it.

    From here on ``request.user`` is the member and no promise of one: a page asks it a thousand things, and each would
    pass through both of the wrappers that Django and the second factor lay around it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = unwrapped(request.user)
        if request.user.is_authenticated:
            structlog.contextvars.bind_contextvars(actor=request.user.get_username())
        return self.get_response(request)


def unwrapped(user: Any) -> Any:
    """What stands behind any number of lazy wrappers."""
    while isinstance(user, LazyObject):
        if user._wrapped is empty:
            user._setup()
        user = user._wrapped
    return user


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    name_actor,
]


def configure() -> None:
    """Make structlog hand its events to the standard library, whose formatter writes them."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            drop_probes,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def formatter(*, json: bool) -> dict[str, Any]:
    """How a line is made: JSON for machines, columns for people; masked in either case, and last."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask_people,
            renderer,
        ],
    }


def config(*, json: bool, level: str) -> dict[str, Any]:
    """The ``LOGGING`` setting: one handler, one formatter."""
    configure()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": formatter(json=json)},
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            "django": {"level": level, "propagate": True, "handlers": []},
            # The request middleware logs every answer with its ids; Django's own line would say it again without.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "WARNING", "propagate": True, "handlers": []},
            "axes": {"level": "WARNING"},
            # task_started and task_succeeded say it with ids; four lines every few seconds say nothing.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},  # says of every table of a font what became of it
        },
    }
