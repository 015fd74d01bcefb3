"""The real settings for programs that a test starts, with static files nobody has collected."""

from config.settings import *  # noqa: F403
from config.settings import STORAGES

STATICFILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": STATICFILES}}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
