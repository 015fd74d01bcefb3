"""The loopback gateway keeps to the protocol it stands for."""

import json
import time

import pytest
import requests

from notifications.signing import SIGNATURE, TIMESTAMP, sign

ITEM = {"key": "k1", "to": "13900000000", "text": "到"}


def post(url: str, batch: object, *, key: str = "a-test-key", age_s: int = 0) -> requests.Response:
    body = json.dumps({"batch": batch}).encode()
    stamp = str(int(time.time()) - age_s)
    headers = {TIMESTAMP: stamp, SIGNATURE: sign(key=key, timestamp=stamp, body=body)}
    return requests.post(url, data=body, headers=headers, timeout=5)


def test_a_signed_batch_is_accepted_and_can_be_looked_up(gateway, settings):
    url = settings.SMS_GATEWAY_URL
    assert post(url, [ITEM]).json() == {"results": [{"key": "k1", "status": "accepted", "id": "gw-1"}]}
    kept = requests.get(url.replace("/batch", "/received?to=13900000000"), timeout=5).json()["received"]
    assert [(item["key"], item["text"]) for item in kept] == [("k1", "到")]
    assert requests.get(url.replace("/batch", "/received?to=1"), timeout=5).json()["received"] == []


def test_a_known_key_is_a_duplicate_with_its_first_number(gateway, settings):
    post(settings.SMS_GATEWAY_URL, [ITEM])
    assert post(settings.SMS_GATEWAY_URL, [ITEM]).json()["results"] == [
        {"key": "k1", "status": "duplicate", "id": "gw-1"}
    ]
    assert len(gateway.received) == 1


def test_a_wrong_signature_an_old_one_and_none_are_refused(gateway, settings):
    url = settings.SMS_GATEWAY_URL
    assert post(url, [ITEM], key="other").status_code == 401
    assert post(url, [ITEM], age_s=301).status_code == 401
    assert requests.post(url, data=b"{}", timeout=5).status_code == 401
    assert not gateway.received


@pytest.mark.parametrize("batch", [[{"key": "k"}], "x", 5, [5]])
def test_a_batch_that_is_none_is_a_bad_request(gateway, settings, batch: object):
    assert post(settings.SMS_GATEWAY_URL, batch).status_code == 400


def test_its_mood_is_told_over_http_and_unknown_ones_are_refused(gateway, settings):
    url = settings.SMS_GATEWAY_URL.replace("/batch", "/mood")
    assert requests.post(url, json={"mood": "down", "times": 1}, timeout=5).status_code == 200
    assert post(settings.SMS_GATEWAY_URL, [ITEM]).status_code == 503
    assert post(settings.SMS_GATEWAY_URL, [ITEM]).status_code == 200
    assert requests.post(url, json={"mood": "sulky"}, timeout=5).status_code == 400
