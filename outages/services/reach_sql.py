"""The statements behind the call list; each is one INSERT … SELECT at any size, and says nothing twice."""

INTO = "INSERT INTO outages_call (notice_id, customer_id, why, added_at)"
ONCE = "ON CONFLICT (notice_id, customer_id) DO NOTHING"

# Of one page of the frozen list, those without a mobile number that is called first.
UNREACHED = f"""
{INTO}
SELECT %(notice)s, a.customer_id, %(why)s, %(now)s FROM (
    SELECT DISTINCT customer_id FROM outages_affected
    WHERE version_id = %(version)s AND customer_id > %(after)s AND customer_id <= %(last)s
) a JOIN customers_customer p ON p.id = a.customer_id
WHERE NOT EXISTS (
    SELECT FROM customers_contact c WHERE c.customer_id = a.customer_id AND c.is_primary AND c.phone ~ %(mobile)s
) ORDER BY a.customer_id {ONCE}
"""  # noqa: S608

# Who was to be called about earlier news of the same outage; that it is over concerns only those who heard of it.
AGAIN = f"""
{INTO}
SELECT DISTINCT %(notice)s, k.customer_id, %(why)s, %(now)s::timestamptz
FROM outages_call k JOIN outages_notice n ON n.id = k.notice_id
WHERE n.outage_id = %(outage)s AND n.id < %(notice)s AND k.why = %(why)s
    AND (k.result = 'reached' OR NOT %(after_all)s)
ORDER BY k.customer_id {ONCE}
"""  # noqa: S608

# Customers of the list whom no message of this notice and no call reached, with the next number on their file that was
# not tried yet. Whoever has a message on its way, or sent, to any of their numbers is told.
MISSED = """
WITH told AS MATERIALIZED (
    SELECT address, state FROM notifications_message
    WHERE about = %(about)s AND channel = 'sms' AND starts_with(dedupe_key, %(key)s || ':')
), missed AS (
    SELECT DISTINCT c.customer_id FROM told JOIN customers_contact c ON c.phone = told.address
    WHERE told.state = 'failed' AND NOT EXISTS (
        SELECT FROM customers_contact o JOIN told t ON t.address = o.phone
        WHERE o.customer_id = c.customer_id AND t.state <> 'failed'
    ) AND EXISTS (
        SELECT FROM outages_affected a JOIN outages_outageversion v ON v.id = a.version_id
        WHERE v.outage_id = %(outage)s AND a.customer_id = c.customer_id
    ) AND NOT EXISTS (
        SELECT FROM outages_call k
        WHERE k.notice_id = %(notice)s AND k.customer_id = c.customer_id AND k.result = 'reached'
    )
), next AS (
    SELECT m.customer_id, p.language, (
        SELECT o.phone FROM customers_contact o
        WHERE o.customer_id = m.customer_id AND o.phone ~ '^1[0-9]{10}$'
            AND NOT EXISTS (SELECT FROM told WHERE told.address = o.phone)
        ORDER BY o.is_primary DESC, o.id LIMIT 1
    ) AS phone
    FROM missed m JOIN customers_customer p ON p.id = m.customer_id
)
"""
NEXT_NUMBER = f"""
{MISSED}
SELECT DISTINCT ON (phone) phone AS address, 'sms' AS channel, language FROM next WHERE phone IS NOT NULL
"""  # noqa: S608
TO_CALL = f"""
{MISSED}
{INTO}
SELECT %(notice)s, customer_id, %(why)s, %(now)s FROM next WHERE phone IS NULL ORDER BY customer_id {ONCE}
"""  # noqa: S608
COUNT_MISSED = f"""
{MISSED}
SELECT count(*) FROM next WHERE phone IS NOT NULL OR NOT EXISTS (
    SELECT FROM outages_call k WHERE k.notice_id = %(notice)s AND k.customer_id = next.customer_id
)
"""  # noqa: S608
