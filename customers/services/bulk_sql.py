"""The statements of `bulk`: ROWS in front of each gives it ``r``; each takes ``now`` and touches only what differs."""

ROWS = """
    WITH r AS (
        SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS x(
            account_no text, name text, pinyin text, initials text, klass text, voltage text, importance text,
            key_account text, flags text[], language text, verified_on date, contact text, phone text,
            address text, door text, meter_no text, transformer text)
    )"""

UPDATE_CUSTOMERS = """, said AS (
    SELECT c.id, coalesce(r.name, c.name) AS name, coalesce(r.pinyin, c.pinyin) AS pinyin,
           coalesce(r.initials, c.initials) AS initials, coalesce(r.klass, c.klass) AS klass,
           coalesce(r.voltage, c.voltage) AS voltage, coalesce(r.importance, c.importance) AS importance,
           coalesce(r.key_account, c.key_account) AS key_account, coalesce(r.flags, c.flags::text[]) AS flags,
           coalesce(r.language, c.language) AS language, coalesce(r.verified_on, c.verified_on) AS verified_on
    FROM r JOIN customers_customer c USING (account_no)
    ORDER BY c.account_no FOR NO KEY UPDATE OF c
)
UPDATE customers_customer c
SET name = said.name, pinyin = said.pinyin, initials = said.initials, klass = said.klass, voltage = said.voltage,
    importance = said.importance, key_account = said.key_account, flags = said.flags, language = said.language,
    verified_on = said.verified_on, updated_at = %(now)s, updated_by_id = NULL, version = c.version + 1
FROM said
WHERE said.id = c.id
  AND (c.name, c.klass, c.voltage, c.importance, c.key_account, c.flags::text[], c.language, c.verified_on)
      IS DISTINCT FROM (said.name, said.klass, said.voltage, said.importance, said.key_account, said.flags,
                        said.language, said.verified_on)"""

INSERT_CUSTOMERS = """
INSERT INTO customers_customer (account_no, name, pinyin, initials, klass, voltage, importance, key_account, flags,
    language, secrecy_level, verified_on, created_at, updated_at, version)
SELECT account_no, name, pinyin, initials, coalesce(klass, 'residential'), coalesce(voltage, 'low'),
    coalesce(importance, 'none'), coalesce(key_account, 'none'), coalesce(flags, '{}'),
    coalesce(language, 'zh-hans'), 'none', verified_on, %(now)s, %(now)s, 1
FROM r WHERE name IS NOT NULL ORDER BY account_no
ON CONFLICT (account_no) DO NOTHING"""

# The phone that a row says is the first to call; another one stays as a second.
CONTACTS = (
    """
UPDATE customers_contact t SET is_primary = false
FROM r JOIN customers_customer c USING (account_no)
WHERE t.customer_id = c.id AND t.is_primary AND r.phone IS NOT NULL AND t.phone <> r.phone""",
    """
INSERT INTO customers_contact (customer_id, name, phone, role, is_primary)
SELECT c.id, coalesce(r.contact, c.name), r.phone, 'owner', true
FROM r JOIN customers_customer c USING (account_no) WHERE r.phone IS NOT NULL ORDER BY c.account_no
ON CONFLICT (customer_id, phone) DO UPDATE
SET is_primary = true, name = EXCLUDED.name
WHERE NOT customers_contact.is_primary OR customers_contact.name <> EXCLUDED.name""",
)

# A place is known by its meter, without one by its address and door. A meter of another customer stays there.
PLACES = (
    """
UPDATE customers_supplypoint s
SET address = coalesce(r.address, s.address), door = coalesce(r.door, s.door),
    transformer_id = coalesce(t.id, s.transformer_id)
FROM r JOIN customers_customer c USING (account_no) LEFT JOIN customers_transformer t ON t.code = r.transformer
WHERE s.customer_id = c.id AND s.meter_no = r.meter_no AND s.meter_no <> ''
  AND (s.address, s.door, s.transformer_id) IS DISTINCT FROM
      (coalesce(r.address, s.address), coalesce(r.door, s.door), coalesce(t.id, s.transformer_id))""",
    """, fresh AS (
    SELECT c.id AS customer_id, r.address, coalesce(r.door, '') AS door, coalesce(r.meter_no, '') AS meter_no,
           t.id AS transformer_id, row_number() OVER (PARTITION BY c.id) AS nth
    FROM r JOIN customers_customer c USING (account_no) JOIN customers_transformer t ON t.code = r.transformer
    WHERE r.address IS NOT NULL
      AND NOT EXISTS (SELECT FROM customers_supplypoint s WHERE s.meter_no = r.meter_no AND s.meter_no <> '')
      AND NOT (coalesce(r.meter_no, '') = '' AND EXISTS (
        SELECT FROM customers_supplypoint s
        WHERE s.customer_id = c.id AND s.address = r.address AND s.door = coalesce(r.door, '')))
)
INSERT INTO customers_supplypoint (customer_id, address, door, meter_no, transformer_id, is_main)
SELECT customer_id, address, door, meter_no, transformer_id,
    nth = 1 AND NOT EXISTS (SELECT FROM customers_supplypoint m WHERE m.customer_id = fresh.customer_id AND m.is_main)
FROM fresh ORDER BY customer_id, nth""",
)
