"""A Chromium for tests and screenshots (the machine's own, else Debian's, else Playwright's) and Chinese letters."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from script.lib.environment import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """The path of a Chromium that is here already; ``CHROMIUM`` in the environment goes first."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return playwrights_own()


def playwrights_own() -> str | None:
    """The one Playwright downloaded earlier, if it did."""
    question = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    done = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=False)
    path = done.stdout.strip()
    return path if path and Path(path).exists() else None


def ensure() -> str | None:
    """Find a Chromium or get one; None when there is none to be had. Chinese fonts come along where we may install."""
    found = find()
    is_debian_root = os.geteuid() == 0 and shutil.which("apt-get") is not None
    missing = [] if found else ["chromium"]
    if is_debian_root and not has_chinese_font():
        missing.append("fonts-noto-cjk")
    if is_debian_root and missing:
        say(f"Installing for the browser tests: {', '.join(missing)}")
        apt_get(missing)
        found = found or find()
    if not found:
        say("Asking Playwright for its Chromium")
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        found = playwrights_own()
    if found and not has_chinese_font():
        say("No Chinese font is installed: screenshots will show boxes (install fonts-noto-cjk)")
    return found


def has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    done = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip())


def apt_get(packages: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", *packages, "fontconfig"]):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
