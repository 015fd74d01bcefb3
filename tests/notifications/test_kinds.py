"""Declaring kinds: what does not fit together stops the start, not a customer's message."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from notifications import kinds

FITTING = {
    "label": "x",
    "variables": {"name": "who"},
    "sample": {"name": "陈"},
    "defaults": {("sms", "zh-hans"): ("", "{name}好"), ("sms", "en"): ("", "Hello {name}, call {hotline}")},
}


def test_a_fitting_kind_is_known_with_its_channels():
    kinds.register("test.x", **FITTING)
    assert kinds.get("test.x").channels == ["sms"]
    assert kinds.get("test.x") in kinds.every()


@pytest.mark.parametrize(
    "change",
    [
        {"sample": {}},
        {"sample": {"name": "陈", "more": "x"}},
        {"defaults": {("sms", "zh-hans"): ("", "{name}好")}},
        {"defaults": {("sms", "zh-hans"): ("", "{who}好"), ("sms", "en"): ("", "{name}")}},
        {"defaults": {("sms", "zh-hans"): ("", "{name"), ("sms", "en"): ("", "{name}")}},
        {"defaults": {("sms", "zh-hans"): ("", " "), ("sms", "en"): ("", "{name}")}},
        {"defaults": {}},
        {"optional": {"other"}},
    ],
)
def test_a_misfit_is_refused_at_start(change: dict):
    with pytest.raises(ImproperlyConfigured):
        kinds.register("test.x", **(FITTING | change))


def test_an_unknown_audience_is_refused():
    with pytest.raises(ValueError):
        kinds.register("test.x", **FITTING, audience="neighbours")
