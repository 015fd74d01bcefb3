"""Several things at the very same time."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run the tasks in threads that begin together; what each gave back, or the exception it ended with."""
    gate = threading.Barrier(len(tasks))
    ends: list[Any] = [None] * len(tasks)

    def run(place: int, task: Callable[[], Any]) -> None:
        try:
            gate.wait()
            ends[place] = task()
        except Exception as error:
            ends[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends
