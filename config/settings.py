"""Settings, all from the environment. Production refuses to start without its secrets.

Any variable may be given as a file: ``SECRET_KEY_FILE=/run/secrets/secret_key`` (Docker secrets).
"""

import logging
from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from common import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY")  # no default: a site with a known key has no sessions worth trusting
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=[]), "localhost", "127.0.0.1", "[::1]"]  # health checks ask locally
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default="http://localhost:8000")  # printed in messages and QR codes
UTILITY_NAME = env("UTILITY_NAME", default="西陵供电服务中心")
UTILITY_NAME_EN = env("UTILITY_NAME_EN", default="" if "UTILITY_NAME" in env else "Xiling Service Center")
HOTLINE = env("HOTLINE", default="95598")

# The demo: a simulated city, its people's passwords on the login page, the development mailbox.
DENGHUO_DEMO = env.bool("DENGHUO_DEMO", default=False)
DEV_PAGES = env.bool("DEV_PAGES", default=DEBUG or DENGHUO_DEMO)

# ── rooms, upper ones first ─────────────────────────────────────────────
ROOMS = ["simulation", "portal", "dashboard", "outages", "workorders", "customers", "notifications", "staff", "common"]
INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "treebeard",
    "django_htmx",
    "django_filters",
    "django_prometheus",
    "django_structlog",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
]
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "common.logs.ActorMiddleware",
    "common.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "common.middleware.InstantMiddleware",
    "common.middleware.UnreadableMiddleware",
    "staff.middleware.PrivateMiddleware",
    "staff.middleware.IdleMiddleware",
    "staff.middleware.GateMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
    "common.middleware.MethodMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "common.templatetags.dh"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context.page",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ]
            if not DEBUG
            else [
                "django.template.loaders.filesystem.Loader",
                "django.template.loaders.app_directories.Loader",
            ],
        },
    }
]

FORM_RENDERER = "common.drawing.FormRenderer"

# ── data ────────────────────────────────────────────────────────────────
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("TEST", {})
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# A list row joins nine tables along foreign keys: thinking about their order took five times as long as reading them.
# Behind PgBouncer, which does not pass this on, say it with ALTER ROLE … SET and give ?options= in the URL.
DATABASES["default"]["OPTIONS"].setdefault("options", "-c join_collapse_limit=5 -c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media")))
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# ── people and sessions ─────────────────────────────────────────────────
AUTH_USER_MODEL = "staff.Member"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "staff.backends.MemberBackend"]
LOGIN_URL = "staff:login"
LOGIN_REDIRECT_URL = "staff:start"
LOGOUT_REDIRECT_URL = "staff:login"
AUTH_PASSWORD_VALIDATORS = [  # standards H2: 8 characters, 3 of 4 classes, history of 5
    {"NAME": "staff.validators.ShapeValidator", "OPTIONS": {"min_length": 8, "min_classes": 3}},
    {"NAME": "staff.validators.StaffNoValidator"},
    {"NAME": "staff.validators.HistoryValidator", "OPTIONS": {"keep": 5}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", default=0 if DENGHUO_DEMO else 90)  # 0: never too old
DEMO_PASSWORD = env("DEMO_PASSWORD", default="Denghuo-2026")  # of everybody in a demo, shown on its login page
IDLE_TIMEOUT_MIN = env.int("IDLE_TIMEOUT_MIN", default=30)
SESSION_COOKIE_AGE = 12 * 3600  # a long shift; IdleMiddleware ends a session that nobody uses much earlier
SESSION_COOKIE_HTTPONLY = True
REQUIRE_TOTP = env.bool("REQUIRE_TOTP", default=not DENGHUO_DEMO)  # supervisor and above
OTP_TOTP_ISSUER = "Denghuo"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time we name on the page stays true
AXES_LOCKOUT_CALLABLE = "staff.views.login.locked_out"
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # tries are summed by staff number, whatever address or browser they come from

# ── language and time ───────────────────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = env("TIME_ZONE", default="Asia/Shanghai")
USE_TZ = True
FORMAT_MODULE_PATH = "config.formats"

# ── static files ────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# ── safety ──────────────────────────────────────────────────────────────
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CSRF_FAILURE_VIEW = "common.views.errors.expired"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked from inside, without TLS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024  # 10 MB of pasted text reaches the form and is refused there in words
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# ── Celery ──────────────────────────────────────────────────────────────
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "bulk"
CELERY_TASK_ROUTES = {  # everything else is bulk
    "workorders.tasks.sweep_clocks": {"queue": "clocks"},
    "notifications.tasks.send_messages": {"queue": "messages"},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page that wakes a sender asks once: a broker that is down must not cost six seconds, and beat sends as well.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "max_retries": 0}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
SWEEP_EVERY_S = env.int("SWEEP_EVERY_S", default=15)
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "workorders.tasks.sweep_clocks",
        "schedule": SWEEP_EVERY_S,
        "options": {"expires": SWEEP_EVERY_S},
    },
    "send": {
        "task": "notifications.tasks.send_messages",
        "schedule": SWEEP_EVERY_S,
        "options": {"expires": SWEEP_EVERY_S},
    },
    "notices": {"task": "outages.tasks.spread_notices", "schedule": 60, "options": {"expires": 60}},
    "receipts": {"task": "outages.tasks.chase_receipts", "schedule": 60, "options": {"expires": 60}},
    "storms": {"task": "outages.tasks.sum_up_storms", "schedule": 60, "options": {"expires": 60}},
    "retention": {"task": "notifications.tasks.purge_messages", "schedule": crontab(hour=3, minute=30)},
    "retention-visits": {"task": "staff.tasks.purge_visits", "schedule": crontab(hour=3, minute=20)},
    "retention-looks": {"task": "customers.tasks.purge_old", "schedule": crontab(hour=3, minute=50)},
    "retention-history": {"task": "outages.tasks.purge_history_rows", "schedule": crontab(hour=3, minute=55)},
    "retention-lookups": {"task": "portal.tasks.forget_lookups", "schedule": crontab(hour=3, minute=45)},
    "retention-askings": {"task": "outages.tasks.forget_unanswered", "schedule": crontab(hour=3, minute=55)},
    "retention-events": {"task": "workorders.tasks.purge_old_events", "schedule": crontab(hour=3, minute=40)},
}
CELERY_TIMEZONE = TIME_ZONE

# ── messages out ────────────────────────────────────────────────────────
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Denghuo <noreply@localhost>")
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_KEY = env("SMS_GATEWAY_KEY", default="")
SMS_TIMEOUT_S = env.float("SMS_TIMEOUT_S", default=10.0)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # without one, a mail server that stalls stops the sender for good
MESSAGE_MAX_ATTEMPTS = env.int("MESSAGE_MAX_ATTEMPTS", default=12)  # with the back-off below: given up after ~3 hours
MESSAGE_BACKOFF_S = env.int("MESSAGE_BACKOFF_S", default=20)
MESSAGE_BACKOFF_CAP_S = env.int("MESSAGE_BACKOFF_CAP_S", default=1800)
BOARD_MONTH_KEPT_S = env.int("BOARD_MONTH_KEPT_S", default=30)  # how old the figures of a month may be on a board
PULSE_KEPT_S = env.int("PULSE_KEPT_S", default=5)  # how long a process trusts what it last heard of sweep and sender
STALE_AFTER_S = env.int("STALE_AFTER_S", default=180)  # sweep and sender banner (design §11)

# ── keeping and deleting ────────────────────────────────────────────────
RETENTION_DAYS = env.int("RETENTION_DAYS", default=400)  # logs and events; standards H1: never under 180

# ── attachments ─────────────────────────────────────────────────────────
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=8 * 1024 * 1024)
ATTACHMENT_MAX_COUNT = env.int("ATTACHMENT_MAX_COUNT", default=12)
ATTACHMENT_MAX_PIXELS = env.int("ATTACHMENT_MAX_PIXELS", default=80_000_000)
ATTACHMENT_EDGE_PX = env.int("ATTACHMENT_EDGE_PX", default=1600)  # photos are made this small
ATTACHMENT_TYPES = env.list("ATTACHMENT_TYPES", default=["image/jpeg", "image/webp", "application/pdf"])  # as stored

# ── logs and figures ────────────────────────────────────────────────────
LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOG_FORMAT = env("LOG_FORMAT", default="console" if DEBUG else "json")
LOGGING = logs.config(json=LOG_FORMAT == "json", level=LOG_LEVEL)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_USER_ID_FIELD = "staff_no"
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG  # one line a request, at its end
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL = logging.DEBUG  # the sweep and the sender say themselves what they did
DJANGO_STRUCTLOG_CELERY_TASK_FAILURE_LOG_LEVEL = logging.ERROR
METRICS_NETWORKS = env.list("METRICS_NETWORKS", default=["127.0.0.0/8", "::1/128"])
METRICS_TOKEN = env("METRICS_TOKEN", default="")
