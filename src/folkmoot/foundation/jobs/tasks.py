"""The one task the worker knows: run a job."""

from django.tasks import task

from folkmoot.foundation.jobs import running


@task()
def run(job_id: str) -> None:
    """Run this job to its end, good or bad."""
    running.run(job_id)
