"""Health checks of containers: ``python -m script.lib.alive web|worker|beat``. Standard library, except for the worker.

The web process answers its own /healthz; beat has written its schedule in the last ten minutes; a worker answers a
ping.
"""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

BEAT_SILENT_S = 600  # beat saves its schedule every three minutes


def web() -> bool:
    port = os.environ.get("PORT", "8000")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=4) as answer:
        return answer.status == 200


def beat() -> bool:
    state = Path(os.environ["BEAT_STATE"])
    newest = max((path.stat().st_mtime for path in state.parent.glob(f"{state.name}*")), default=0.0)
    return time.time() - newest < BEAT_SILENT_S


def worker() -> bool:
    me = f"celery@{os.uname().nodename}"
    ping = [sys.executable, "-m", "celery", "-q", "-A", "config", "inspect", "ping", "-d", me, "-t", "10"]
    return subprocess.run(ping, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(not {"web": web, "beat": beat, "worker": worker}[sys.argv[1]]())
