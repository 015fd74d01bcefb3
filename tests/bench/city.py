"""A million customers in a minute: names and places are drawn in Python, combined in the database.

The keys of a name and of a place come from `customers.search.keys_of`, so what is measured is what the services write;
`check_sample` proves it on some rows.
"""

import io
import random
from collections.abc import Iterable

from django.db import connection, transaction

from common.pinyin import spell
from customers.models import Area, Customer, Feeder, SearchEntry, Transformer
from customers.models.search import SAMPLE
from customers.search import Facts, keys_of, plain
from customers.services.indexing import refresh_search
from staff.choices import UnitKind
from staff.models import Unit
from tests.staff.factories import unit

SURNAMES = "王李张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅"
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂淑华建国文志玉红春梅海燕晓东林峰宇浩然子涵欣怡佳慧雪婷俊凯天翔"
    "振宏德福荣贵宝昌永盛光辉庆祥瑞安康乐诗雨梦瑶思远博雅琳倩云月珍珠凤龙虎成功学仁义礼智信忠孝廉正清风书琴画香莲菊"
)
STREETS = (
    *("夜明珠", "桔城", "夷兴", "窑湾", "西坝", "大公桥", "云集", "解放", "珍珠", "绿萝"),
    *("东山", "发展", "城东", "沿江", "胜利", "体育场", "隆康", "学院", "果园", "港窑"),
)
WAYS = ("路", "街", "大道", "巷")
NAMES, PLACES = 60_000, 150_000
FIRST_ACCOUNT = 4_200_000_000
AREAS = 200

COMBINE = """
CREATE TEMP TABLE city ON COMMIT DROP AS
SELECT i, (%(first)s + i)::text AS account_no, n.name, n.pinyin, n.initials, n.keys AS name_keys,
       '13' || lpad(((i * 7919) %% 1000000000)::text, 9, '0') AS phone,
       '4201' || lpad((i * 31)::text, 10, '0') AS meter,
       p.address, p.door, p.line, p.keys AS place_keys, t.id AS t, a.station_id AS station, a.crew_id AS crew,
       county.id AS county
FROM generate_series(1::bigint, %(size)s) i
JOIN bench_name n ON n.id = 1 + (i * 7907) %% %(names)s JOIN bench_place p ON p.id = 1 + (i * 104729) %% %(places)s
JOIN customers_transformer t ON t.id = %(first_t)s + i %% %(areas)s JOIN customers_area a ON a.id = t.area_id
JOIN staff_unit s ON s.id = a.station_id JOIN staff_unit county ON county.path = left(s.path, 8)"""
FILL = (
    """
INSERT INTO customers_customer (account_no, name, pinyin, initials, klass, voltage, importance, key_account, flags,
    language, secrecy_level, created_at, updated_at, version)
SELECT account_no, name, pinyin, initials, 'residential', 'low', 'none', 'none', '{}', 'zh-hans', 'none',
    now(), now(), 1
FROM city""",
    """
INSERT INTO customers_contact (customer_id, name, phone, role, is_primary)
SELECT c.id, c.name, phone, 'owner', true FROM city JOIN customers_customer c USING (account_no)""",
    """
INSERT INTO customers_supplypoint (customer_id, address, door, meter_no, transformer_id, is_main)
SELECT c.id, address, door, meter, t, true FROM city JOIN customers_customer c USING (account_no)""",
    """
INSERT INTO customers_searchentry (customer_id, keys, lines, is_sampled)
SELECT c.id,
    array_to_tsvector(name_keys || place_keys || ARRAY['^' || left(account_no, 4), '^' || left(account_no, 5),
        '^' || left(account_no, 6), '^' || left(account_no, 7),
        '^' || left(account_no, 8), '#' || right(account_no, 4), '#' || right(phone, 4), '#' || right(meter, 4),
        '@' || county, '@' || station, '@' || crew]),
    concat(E'\\n', city.name, E'\\n>', city.pinyin, E'\\n^', account_no, E'\\n#', phone, E'\\n*', meter, E'\\n/', line,
        E'\\n~', city.initials, E'\\n'),
    c.id %% %(sample)s = 0
FROM city JOIN customers_customer c USING (account_no)""",
    "SET CONSTRAINTS ALL IMMEDIATE",
)


def build_city(size: int, *, seed: int = 1) -> None:
    """Fill an empty customers room with ``size`` customers in 200 areas; leaves it alone when it is filled already."""
    if Customer.objects.count() >= size:
        return
    draw = random.Random(seed)  # noqa: S311
    with transaction.atomic(), connection.cursor() as cursor:
        first_t = _network()
        names, places = min(NAMES, size), min(PLACES, size)  # more would be drawn for nobody
        _copy(cursor, "bench_name", "name text, pinyin text, initials text, keys text[]", _names(draw, names))
        _copy(cursor, "bench_place", "address text, door text, line text, keys text[]", _places(draw, places))
        values = {"first": FIRST_ACCOUNT, "size": size, "names": names, "places": places, "sample": SAMPLE}
        values |= {"areas": AREAS, "first_t": first_t}
        with connection.schema_editor() as editor:
            for index in SearchEntry._meta.indexes:
                editor.remove_index(SearchEntry, index)
        for statement in (COMBINE, *FILL):
            cursor.execute(statement, values if "%(" in statement else None)
        with connection.schema_editor() as editor:
            for index in SearchEntry._meta.indexes:
                editor.add_index(SearchEntry, index)
    with connection.cursor() as cursor:
        for table in ("customer", "contact", "supplypoint", "searchentry"):
            cursor.execute(f"VACUUM ANALYZE customers_{table}")
    check_sample(size)


def check_sample(size: int) -> None:
    """The rows made here are what the services would write: filing some anew changes nothing."""
    account_nos = [str(FIRST_ACCOUNT + 1 + n * (size // 50)) for n in range(50)]
    entries = SearchEntry.objects.filter(customer__account_no__in=account_nos).order_by("pk")
    before = list(entries.values_list("pk", "keys", "lines", "is_sampled"))
    refresh_search([row[0] for row in before])
    assert before == list(entries.values_list("pk", "keys", "lines", "is_sampled"))


def _network() -> int:
    """Two counties of ten stations with two crews each; two hundred areas, one transformer each; the first one's id."""
    top = Unit.objects.get_root_nodes().first() or unit("BENCH", kind=UnitKind.COMPANY)
    counties = [unit(f"BENCHC{n}", kind=UnitKind.COUNTY, parent=top) for n in range(2)]
    stations = [
        unit(f"BENCHS{n:02}", parent=county) for at, county in enumerate(counties) for n in range(10 * at, 10 * at + 10)
    ]
    crews = [
        (station, unit(f"{station.code}{part}", kind=UnitKind.CREW, parent=station))
        for station in stations
        for part in "AB"
    ]
    feeder, _ = Feeder.objects.get_or_create(code="BENCH", defaults={"name": "测试线"})
    areas = [
        Area(code=f"BENCH{n:03}", name=f"第{n}片", station=crews[n % 40][0], crew=crews[n % 40][1])
        for n in range(AREAS)
    ]
    areas = Area.objects.bulk_create(areas)
    made = Transformer.objects.bulk_create(
        Transformer(code=area.code, name=f"{area.name}台区", feeder=feeder, area=area) for area in areas
    )
    return made[0].pk


def _names(draw: random.Random, number: int) -> Iterable[tuple]:
    surnames = [1 / (n + 8) for n in range(len(SURNAMES))]
    given = [1 / (n + 12) for n in range(len(GIVEN))]
    for _ in range(number):
        name = draw.choices(SURNAMES, surnames)[0] + "".join(draw.choices(GIVEN, given, k=draw.choice((1, 2, 2, 2))))
        full, initials = spell(name)
        keys = set(keys_of(Facts(name, full, initials, ""))) - {"^"}
        yield name, full, initials, "{" + ",".join(keys) + "}"


def _places(draw: random.Random, number: int) -> Iterable[tuple]:
    for n in range(number):
        address = f"{draw.choice(STREETS)}街道{draw.choice(STREETS)}{draw.choice(WAYS)}{draw.randint(1, 200)}号"
        if n % 4:
            address += f"{draw.randint(1, 12)}栋{draw.choice((1, 1, 2, 3))}单元"
        door = str(draw.randint(1, 33) * 100 + draw.randint(1, 4)) if n % 4 else ""
        keys = set(keys_of(Facts("", "", "", "", places=[(address, door)]))) - {"^", "=", "~="}
        yield address, door, plain(address + door), "{" + ",".join(keys) + "}"


def _copy(cursor, table: str, columns: str, rows: Iterable[tuple]) -> None:
    cursor.execute(f"CREATE TEMP TABLE {table} (id serial, {columns}) ON COMMIT DROP")
    text = io.StringIO("\n".join("\t".join(row) for row in rows))
    names = ", ".join(column.split()[0] for column in columns.split(", "))
    cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", text)
    cursor.execute(f"CREATE INDEX ON {table} (id); ANALYZE {table}")
