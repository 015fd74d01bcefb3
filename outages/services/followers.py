"""Those who asked to hear of an area or an account: told with the others, once per change and number.

Their messages carry the way to stop it (``stop``), so they are known from a household's. They are not looked for among
those who heard earlier news: who holds a subscription now is told, who ended it is not, whatever went out before.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from notifications.services.bulk import enqueue_selected
from outages.models import Notice

TOKEN = "TOKEN"  # noqa: S105 - where the subscription's own goes
# What any version people were told of took in: who loses an outage by a change hears of the change.
TOUCHED = """
WITH told AS (
    SELECT v.id, v.boxes FROM outages_outageversion v
    JOIN outages_outageversion present ON present.id = %(version)s
    WHERE v.outage_id = present.outage_id AND v.number <= present.number
), areas AS (
    SELECT DISTINCT unnest(ARRAY[a.id, a.parent_id]) AS id FROM told CROSS JOIN unnest(told.boxes) AS box(id)
    JOIN customers_transformer t ON t.id = box.id JOIN customers_area a ON a.id = t.area_id
), touched AS (
    SELECT s.id FROM outages_subscription s JOIN areas ON areas.id = s.area_id
    WHERE s.confirmed_at IS NOT NULL AND s.ended_at IS NULL AND s.id > %(after)s
    UNION
    SELECT s.id FROM outages_subscription s JOIN customers_customer c ON c.account_no = s.account_no
    WHERE s.confirmed_at IS NOT NULL AND s.ended_at IS NULL AND s.id > %(after)s AND s.account_no <> ''
        AND (c.secrecy_level = 'none' OR c.secrecy_until < %(today)s)
        AND EXISTS (SELECT FROM outages_affected a JOIN told ON told.id = a.version_id WHERE a.customer_id = c.id)
)
"""
BOUNDS = f"{TOUCHED} SELECT count(*), max(id) FROM (SELECT id FROM touched ORDER BY id LIMIT %(page)s) page"  # noqa: S608
# Who was only about to be told that it is off need not hear that it is over; who asked since then does.
FOLLOWERS = f"""
{TOUCHED}
SELECT DISTINCT ON (s.phone) s.phone AS address, 'sms' AS channel, s.language,
    jsonb_build_object('stop', replace(%(stop)s::jsonb ->> s.language, '{TOKEN}', s.token)) AS own
FROM touched JOIN outages_subscription s USING (id)
WHERE s.id <= %(last)s AND coalesce((
    SELECT bool_or(NOT (m.state = 'withheld' AND (%(after_all)s OR m.reason <> 'overtaken')))
    FROM outages_notice n JOIN notifications_message m ON m.dedupe_key = 'outage:' || n.id || ':sms:' || s.phone
    WHERE n.outage_id = %(outage)s AND n.id < %(notice)s
), true)
ORDER BY s.phone, s.id
"""  # noqa: S608


def tell_followers(notice: Notice, params: Mapping[str, Any]) -> int:
    """One page of those who asked; moves the notice's place. Returns how many messages are new.

    ``params`` are those of `enqueue_selected` and of the spreading. A number that was told as a household, or for
    another subscription, has its message already: the key is the same.
    """
    own = {
        "after": notice.followed,
        "outage": notice.outage_id,
        "notice": notice.pk,
        "today": localdate(params["now"]),
        "stop": ways_to_stop(),
    }
    values = {**params, **own}
    with connection.cursor() as cursor:
        cursor.execute(BOUNDS, values)
        count, last = cursor.fetchone()
    new = enqueue_selected(FOLLOWERS, values | {"last": last}, own=True) if count else 0
    notice.followed = last if count == params["page"] else None
    return new


def ways_to_stop() -> str:
    """The words and the address that end a subscription, by language, as JSON; `TOKEN` stands for its own."""
    url = settings.SITE_URL + reverse("outages:following", args=[TOKEN])
    words = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words[code] = _("To stop: %(url)s") % {"url": url}
    return json.dumps(words, ensure_ascii=False)
