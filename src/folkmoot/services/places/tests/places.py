"""Small studies for tests: four areas on a line with three sites, or the invented town."""

from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow as pa

from folkmoot.foundation.identity.models import Membership, User
from folkmoot.foundation.jobs import running
from folkmoot.services.places import actions, seed
from folkmoot.services.places.models import Option, Study, Travel
from folkmoot.services.places.question import Question
from folkmoot.services.places.uploads import Given, Way


def somebody(organisation: Any, role: str) -> Any:
    """A member of the organisation who has nothing to do with who asks."""
    user = User.objects.create_user(f"{uuid4()}@test.example", name=f"Some {role}")
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def small(organisation: Any, by: Any, name: str = "Small") -> Study:
    """Areas 0, 4, 8 and 20 minutes along a road; sites at 0 (existing), 8 and 20. The last area is the most deprived."""
    study = actions.begin(organisation=organisation, name=name, what="library", by=by)
    areas = pa.table(
        {
            "area": ["A", "B", "C", "D"], "name": ["Ash", "Birch", "Cedar", "Dogwood"], "lon": [0.0, 0.01, 0.02, 0.05],
            "lat": [53.0, 53.0, 53.0, 53.0], "people": [400.0, 300.0, 200.0, 100.0], "decile": ["9", "5", "5", "1"],
            "older": [40.0, 60.0, 50.0, 30.0], "without_car": [20.0, 60.0, 40.0, 60.0],
        }
    )  # fmt: skip
    sites = pa.table(
        {
            "site": ["S1", "S2", "S3"], "name": ["Old hall", "New hall", "Far hall"], "lon": [0.0, 0.02, 0.05],
            "lat": [53.0, 53.0, 53.0], "existing": [True, False, False], "capacity": [600.0, 500.0, 400.0],
            "opening_cost": [1000.0, 1200.0, 800.0],
        }
    )  # fmt: skip
    minutes = np.abs(np.array([0.0, 4, 8, 20])[:, None] - np.array([0.0, 8, 20])[None, :])
    actions.put_areas(study=study, given=Given(areas), by=by)
    actions.put_sites(study=study, given=Given(sites), by=by)
    return actions.put_travel(
        study=study, way=Way(minutes, [0, 1, 2, 3], statements=("Along the road.",)), how=Travel.MATRIX, by=by
    )


def solved(study: Study, by: Any, name: str = "Two halls", **asked: Any) -> Option:
    """An option with its answer; two sites for most people within five minutes unless asked otherwise."""
    return seed.solved(
        study, name, Question(**{"objective": "mclp", "p": 2, "radius": 5.0, "seconds": 20, **asked}), by
    )


def started(organisation: Any) -> Any:
    """Run the job that waits, as the worker would, and return it."""
    from folkmoot.foundation.jobs.models import Job

    job = Job.objects.for_organisation(organisation).filter(state="waiting").order_by("-created_at").first()
    assert job is not None
    running.run(str(job.pk))
    job.refresh_from_db()
    return job
