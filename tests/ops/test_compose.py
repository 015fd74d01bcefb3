"""docker-compose.yml and Dockerfile, held against the schema and against what they name."""

import json
import os
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from script.lib import container_secrets, environment

ROOT = settings.BASE_DIR
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ("migrate", "web", "worker", "beat")
NOT_SETTINGS = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PORT", "DJANGO_SETTINGS_MODULE"}
ELSEWHERE = {"DENGHUO_LOCAL", "PROMETHEUS_MULTIPROC_DIR"}  # read by script/lib/paths.py and by the Prometheus client


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE.read_text())


def read_by_settings() -> set[str]:
    """Every variable that config/settings.py asks the environment for."""
    return set(re.findall(r'env(?:\.\w+)?\(\s*"(\w+)"', (ROOT / "config" / "settings.py").read_text()))


def exec_form(instruction: str) -> list[str]:
    found = re.findall(rf"^{instruction}.*?(\[.*\])$", DOCKERFILE, re.MULTILINE)
    return json.loads(found[-1])


def commands(compose: dict[str, Any]) -> list[list[str]]:
    listed = [compose["services"][name]["command"] for name in OURS if "command" in compose["services"][name]]
    return [*listed, exec_form("CMD")]


def test_compose_file_follows_the_compose_schema():
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]

    done = subprocess.run(check, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_our_services_is_one_that_settings_read(compose, name):
    given = {variable.removesuffix("_FILE") for variable in compose["services"][name]["environment"]}

    assert given <= read_by_settings()


def test_every_variable_of_the_image_is_read_by_somebody():
    final = DOCKERFILE.split("\nFROM ")[-1]
    block = re.search(r"^ENV (.*?[^\\])$", final, re.MULTILINE | re.DOTALL)
    given = set(re.findall(r"(\w+)=", block.group(1)))

    assert given - NOT_SETTINGS - ELSEWHERE <= read_by_settings()


@pytest.mark.parametrize("name", OURS)
def test_secrets_come_from_declared_files_and_never_as_values(compose, name):
    service = compose["services"][name]
    files = {value for key, value in service["environment"].items() if key.endswith("_FILE")}

    assert files == {f"/run/secrets/{secret}" for secret in service["secrets"]}
    assert set(service["secrets"]) <= set(compose["secrets"])
    assert not {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"} & set(service["environment"])


def test_container_secrets_makes_every_file_that_compose_mounts_and_keeps_old_ones(compose, tmp_path):
    (tmp_path / "secret_key").write_text("kept")

    container_secrets.main([str(tmp_path)])

    wanted = {Path(secret["file"]).name for secret in compose["secrets"].values()}
    assert wanted == {path.name for path in tmp_path.iterdir()}
    assert (tmp_path / "secret_key").read_text() == "kept"
    password = (tmp_path / "postgres_password").read_text()
    assert password in (tmp_path / "database_url").read_text()


def test_django_starts_and_passes_its_checks_with_what_compose_gives(compose, tmp_path):
    container_secrets.main([str(tmp_path)])
    given = {
        key: re.sub(r"\$\{\w+:-(.*?)\}", r"\1", str(value)) for key, value in compose["x-app"]["environment"].items()
    }
    files = {key: str(tmp_path / Path(value).name) for key, value in given.items() if key.endswith("_FILE")}
    plain = {"PATH": os.environ["PATH"], "DEBUG": "0"}
    secure = {"HTTPS": "1", "SMS_GATEWAY_URL": "https://sms.example.cn/batch", "ALLOWED_HOSTS": "service.example.cn"}
    mail = tmp_path / "email_url"
    mail.chmod(0o600)
    mail.write_text("smtp+tls://mailer:secret@mail.example.cn:587")

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=given | files | secure | plain,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_commands_name_modules_and_management_commands_that_exist(compose):
    for command in commands(compose):
        words = command if isinstance(command, list) else shlex.split(command)
        assert words[0] == "python"
        if words[1] == "-m":
            assert find_spec(words[2])
        else:
            assert (ROOT / words[1]).exists()
            assert words[2] in get_commands()


def test_workers_take_every_queue_there_is_here_and_in_the_procfile(compose):
    queues = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {settings.CELERY_TASK_DEFAULT_QUEUE}
    worker = compose["services"]["worker"]["command"]
    procfile = (ROOT / "script" / "lib" / "Procfile").read_text()

    assert set(worker[worker.index("-Q") + 1].split(",")) == queues
    assert set(re.search(r"-Q (\S+)", procfile).group(1).split(",")) == queues


def test_every_service_has_a_health_check_or_runs_only_once(compose):
    for name, service in compose["services"].items():
        check = service.get("healthcheck", {})
        once = check.get("disable") and service["restart"] == "no"
        assert once or check.get("test"), name


def test_our_services_wait_until_what_they_need_is_healthy(compose):
    for name in OURS[1:]:
        needs = compose["services"][name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"
        assert needs["redis"]["condition"] == "service_healthy"
    assert compose["services"]["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_health_checks_name_known_subjects_and_a_page_that_answers(compose, client):
    checks = [" ".join(compose["services"][name]["healthcheck"]["test"]) for name in OURS[1:]]
    checks.append(" ".join(exec_form("HEALTHCHECK")))

    subjects = [re.search(r"script\.lib\.alive (\w+)", check).group(1) for check in checks]

    assert subjects == ["web", "worker", "beat", "web"]
    assert client.get("/healthz").status_code == 200


def test_volumes_are_declared_and_hold_attachments(compose):
    volume = dict(entry.split(":", 1) for entry in compose["x-app"]["volumes"])

    assert set(volume) <= set(compose["volumes"])
    media = re.search(r"MEDIA_ROOT=(\S+)", DOCKERFILE).group(1)
    assert media.startswith(volume["data"] + "/")


def test_image_runs_as_an_ordinary_user_and_copies_only_what_exists():
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)

    assert users == ["denghuo"]
    assert re.search(r"useradd .*denghuo", DOCKERFILE)
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name


def test_image_installs_only_pinned_and_hashed_requirements():
    installs = re.findall(r"pip install (.*)", DOCKERFILE)

    assert installs
    assert all("--require-hashes" in line for line in installs)
    for group in re.findall(r"-r requirements/(\w+)\.txt", DOCKERFILE):
        assert environment.requirements(group).exists()


def test_what_must_not_be_in_the_image_is_left_out():
    ignored = set((ROOT / ".dockerignore").read_text().split())

    assert {".git", ".venv", ".local", "node_modules", "secrets"} <= ignored
