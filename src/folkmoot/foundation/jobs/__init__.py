"""Long work in the background, with progress that a person can watch.

In a service's tasks.py (imported by its AppConfig.ready):

    @jobs.kind("wards.analyse", title=_("Analysing the log"))
    def analyse(job, progress, *, log_id):
        for done, case in enumerate(cases):
            progress(done, len(cases), _("Reading stays"))
        return {"analysis": str(analysis.pk)}

In an action: `job = jobs.start("wards.analyse", by=user, organisation=organisation, log_id=str(log.pk))`; then send the
person to `job.get_absolute_url()`. Raise `jobs.JobFailed("…")` to end with a sentence for the person.
"""

from typing import Any

_HOMES = {
    "JobFailed": "kinds",
    "kind": "kinds",
    "start": "actions",
    "stop": "actions",
    "progress": "running",
    "state": "queries",
    "watched": "watching",
    "Watch": "watching",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"folkmoot.foundation.jobs.{_HOMES[name]}"), name)
    raise AttributeError(f"folkmoot.foundation.jobs has no {name}")
