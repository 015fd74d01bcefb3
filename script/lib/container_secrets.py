"""Random secrets for docker compose: script/container-secrets [DIR]

Writes what is missing into ``secrets/`` and leaves what is there. The directory is closed to other users; the files
in it are readable, because in their containers they are read by users of other numbers.
"""

import secrets
from pathlib import Path

from script.lib.paths import ROOT

NAMES = ("secret_key", "postgres_password", "redis_password", "sms_gateway_key", "metrics_token")


def main(arguments: list[str]) -> int:
    directory = Path(arguments[0]) if arguments else ROOT / "secrets"
    directory.mkdir(mode=0o700, exist_ok=True)
    for name in NAMES:
        write(directory / name, secrets.token_urlsafe(48))
    postgres, redis = (directory / "postgres_password").read_text(), (directory / "redis_password").read_text()
    write(directory / "database_url", f"postgres://denghuo:{postgres}@postgres:5432/denghuo")
    write(directory / "redis_url", f"redis://:{redis}@redis:6379/0")
    write(directory / "email_url", "consolemail://")
    print(f"{directory}: put your mail server's address into email_url (smtp+tls://user:password@host:587).")
    return 0


def write(path: Path, text: str) -> None:
    if not path.exists():
        path.write_text(text)
        path.chmod(0o444)
