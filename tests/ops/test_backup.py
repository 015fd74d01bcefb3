"""Backup and restore, rehearsed: a house with people and attachments is saved, lost and brought back."""

import tarfile
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from django.conf import settings

from script.lib import archive
from script.lib.environment import SetupError
from staff.choices import Role
from staff.models import Member
from tests.staff import factories

TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"
CONTENT = """select md5(coalesce(string_agg(t::text, ' ' order by t::text), '')) from "{}" t"""


def address(database: str) -> str:
    given = settings.DATABASES["default"]
    password = quote(str(given["PASSWORD"]), safe="")
    return f"postgres://{given['USER']}:{password}@{given['HOST'] or '127.0.0.1'}:{given['PORT'] or 5432}/{database}"


def rows(url: str, query: str) -> list[tuple]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def content(url: str) -> dict[str, str]:
    """A sum over all rows of every table."""
    return {table: rows(url, CONTENT.format(table))[0][0] for (table,) in rows(url, TABLES)}


@pytest.fixture
def house(transactional_db, media) -> dict[str, str]:
    """The test database with somebody in it, and two attachments."""
    factories.member("XL0001", "周婷", unit=factories.company().top, roles=[Role.SUPERVISOR])
    (media / "2026").mkdir()
    (media / "2026" / "照片.jpg").write_bytes(b"\xff\xd8 one")
    (media / "note.txt").write_bytes(b"two")
    return {"DATABASE_URL": address(settings.DATABASES["default"]["NAME"]), "MEDIA_ROOT": str(media)}


@pytest.fixture
def elsewhere(tmp_path):
    """An empty database and an empty place for attachments."""
    name = f"{settings.DATABASES['default']['NAME']}_restored"
    admin = address("postgres")
    rows(admin, f'drop database if exists "{name}" with (force)')
    rows(admin, f'create database "{name}"')
    yield {"DATABASE_URL": address(name), "MEDIA_ROOT": str(tmp_path / "media")}
    rows(admin, f'drop database if exists "{name}" with (force)')


@pytest.fixture
def backup(house, tmp_path) -> Path:
    path = tmp_path / "with space" / "denghuo.tar"
    archive.save(path, house)
    return path


def test_restore_into_an_empty_database_gives_every_row_and_file_back(house, backup, elsewhere):
    archive.load(backup, elsewhere, force=False)

    assert content(elsewhere["DATABASE_URL"]) == content(house["DATABASE_URL"])
    media = Path(elsewhere["MEDIA_ROOT"])
    assert (media / "2026" / "照片.jpg").read_bytes() == b"\xff\xd8 one"
    assert sorted(path.name for path in media.iterdir()) == ["2026", "note.txt"]


def test_restored_database_keeps_its_guards(house, backup, elsewhere):
    archive.load(backup, elsewhere, force=False)

    guards = "select tgname from pg_trigger where not tgisinternal order by tgname"
    constraints = "select conname from pg_constraint order by conname"
    for question in (guards, constraints):
        assert rows(elsewhere["DATABASE_URL"], question) == rows(house["DATABASE_URL"], question)


def test_restore_over_a_database_in_use_is_refused_and_changes_nothing(house, backup):
    Member.objects.filter(staff_no="XL0001").update(name="改过")
    (Path(house["MEDIA_ROOT"]) / "later.txt").write_text("x")

    with pytest.raises(SetupError, match="not empty"):
        archive.load(backup, house, force=False)

    assert Member.objects.get(staff_no="XL0001").name == "改过"
    assert (Path(house["MEDIA_ROOT"]) / "later.txt").exists()


def test_restore_with_force_replaces_rows_and_files(backup, elsewhere):
    archive.load(backup, elsewhere, force=False)
    rows(elsewhere["DATABASE_URL"], "update staff_member set name = '改过'")
    (Path(elsewhere["MEDIA_ROOT"]) / "later.txt").write_text("x")

    archive.load(backup, elsewhere, force=True)

    assert rows(elsewhere["DATABASE_URL"], "select name from staff_member where staff_no = 'XL0001'") == [("周婷",)]
    assert not (Path(elsewhere["MEDIA_ROOT"]) / "later.txt").exists()


def test_damaged_backup_is_refused_before_anything_changes(backup, elsewhere):
    archive.load(backup, elsewhere, force=False)
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 0xFF
    backup.write_bytes(content)

    with pytest.raises(SetupError):
        archive.load(backup, elsewhere, force=True)

    assert rows(elsewhere["DATABASE_URL"], "select count(*) from staff_member") == [(1,)]


def test_file_that_is_no_backup_is_named(tmp_path, elsewhere):
    stranger = tmp_path / "holiday.tar"
    with tarfile.open(stranger, "w") as tar:
        tar.add(__file__, "photo.py")

    with pytest.raises(SetupError, match="not a backup"):
        archive.load(stranger, elsewhere, force=False)


def test_backup_is_readable_for_its_owner_only(backup):
    assert backup.stat().st_mode & 0o077 == 0
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]
