"""The task library only wakes a call by its number; the call itself says what is to be done."""

from __future__ import annotations

from django_tasks import task

from kedang.governance import jobs


@task()
def run_call(call_id: int) -> str:
    """Run a queued call in a worker; the call's state tells how it ended."""
    return jobs.run(call_id)


def wake(call_id: int) -> None:
    """Put a call before the workers."""
    run_call.enqueue(call_id)
