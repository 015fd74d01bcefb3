"""What is asked for is pinned, hashed and explained."""

import re
import tomllib

import pytest
from django.conf import settings

from script.lib.environment import ALL, PIN, canonical, requirements

PROJECT = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
ASKED = {"base": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}


def name_of(requirement: str) -> str:
    return canonical(re.match(r"[A-Za-z0-9._-]+", requirement).group())


def pinned(group: str) -> set[str]:
    return {canonical(name) for name, _version, _marker in PIN.findall(requirements(group).read_text())}


@pytest.mark.parametrize("group", ALL)
def test_everything_asked_for_is_pinned_in_its_group_or_below(group):
    here_and_below = set().union(*(pinned(one) for one in ALL[: ALL.index(group) + 1]))

    assert {name_of(requirement) for requirement in ASKED[group]} <= here_and_below


def test_no_package_is_pinned_twice():
    everything = [name for group in ALL for name in pinned(group)]

    assert len(everything) == len(set(everything))


@pytest.mark.parametrize("group", ALL)
def test_every_pin_has_hashes(group):
    entries = re.split(r"\n(?=\S)", requirements(group).read_text())[1:]

    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("group", ALL)
def test_every_dependency_is_explained(group):
    text = (settings.BASE_DIR / "docs" / "dependencies.md").read_text().lower()

    assert [name for name in map(name_of, ASKED[group]) if name not in text] == []
