"""Both READMEs say what is so: people, settings, commands, pictures."""

import re

import pytest
from django.conf import settings

from simulation.city.staff import demo_people

READMES = ["README.md", "README.zh-CN.md"]


def part(name: str, marker: str) -> str:
    text = (settings.BASE_DIR / name).read_text(encoding="utf-8")
    return text.split(f"<!-- {marker}", 1)[1].split(f"<!-- {marker}: end", 1)[0]


@pytest.mark.parametrize("name", READMES)
def test_demo_people_are_those_of_the_login_page(name):
    listed = re.findall(r"^\| (XL\d+) \| (\S+) \|", part(name, "demo people"), re.MULTILINE)

    assert sorted(listed) == sorted((person.staff_no, person.name) for person in demo_people())
    assert f"`{settings.DEMO_PASSWORD}`" in part(name, "demo people")


@pytest.mark.parametrize("name", READMES)
def test_settings_table_holds_every_variable_and_no_other(name):
    rows = re.findall(r"^\| (`.*?) \|", part(name, "settings"), re.MULTILINE)
    listed = {variable for row in rows for variable in re.findall(r"`(\w+)`", row)}
    source = (settings.BASE_DIR / "config" / "settings.py").read_text(encoding="utf-8")

    assert listed == set(re.findall(r'env(?:\.\w+)?\(\s*"(\w+)"', source))


@pytest.mark.parametrize("name", READMES)
def test_commands_and_linked_files_exist(name):
    text = (settings.BASE_DIR / name).read_text(encoding="utf-8")
    commands = set(re.findall(r"script/[\w-]+", text))
    links = {link for link in re.findall(r"\]\(([^)#]+)\)", text) if not link.startswith("docs/screenshots/")}

    missing = [path for path in commands | links if not (settings.BASE_DIR / path).exists()]
    assert not missing


@pytest.mark.parametrize("name", READMES)
def test_pictures_are_ones_that_script_screenshots_takes(name):
    text = (settings.BASE_DIR / name).read_text(encoding="utf-8")
    shots = (settings.BASE_DIR / "script" / "lib" / "shots.py").read_text(encoding="utf-8")
    taken = set(re.findall(r'Shot\("([\w-]+)"', shots))

    used = set(re.findall(r"docs/screenshots/([\w-]+)\.png", text))
    assert used
    assert used <= taken
