"""A market for tests: the invented town's, or a small one of four areas and three centres from files."""

from pathlib import Path
from typing import Any

from folkmoot.services.places import seed
from folkmoot.services.places.retail import actions, sources
from folkmoot.services.places.retail.models import Centre, Market

FILES = {
    "areas": "area_code,name,population,spend_per_head_pounds,lon,lat,imd_decile\n"
    "A,Ash,4000,2500,-0.50,53.00,9\nB,Birch,3000,2500,-0.49,53.00,5\nC,Cedar,2000,2500,-0.48,53.00,5\n"
    "D,Dogwood,1000,2500,-0.45,53.00,1\n",
    "centres": "centre_id,name,floor_space_m2,lon,lat\nX,High Street,9000,-0.50,53.00\n"
    "Y,Quayside,6000,-0.47,53.00\nZ,Parade,2000,-0.44,53.00\n",
    "travel_minutes": "area_code,centre_id,minutes\nA,X,2\nA,Y,8\nA,Z,15\nB,X,4\nB,Y,6\nB,Z,12\nC,X,7\nC,Y,3\nC,Z,9\n"
    "D,X,14\nD,Y,7\nD,Z,2\n",
}


def given(folder: Path, **changed: str) -> sources.GivenMarket:
    """The small market from files written into a folder."""
    paths = {}
    for name, text in (FILES | changed).items():
        paths[name] = folder / f"{name}.csv"
        paths[name].write_text(text, encoding="utf-8")
    return sources.from_files(paths)


def town(organisation: Any, by: Any, name: str = "Shopping") -> Market:
    """The town's market with its law; made once."""
    found = Market.objects.for_organisation(organisation).filter(name=name).first()
    if found is None:
        seed.worked(actions.begin(organisation=organisation, name=name, given=seed.town_market(), source="town", by=by))
        found = Market.objects.for_organisation(organisation).get(name=name)
    return found


def drawn(market: Market, by: Any, name: str = "Bus depot", m2: float = 3000.0, *, wait: bool = False) -> Centre:
    """A centre drawn into the town's market, with its forecast unless it should wait."""
    found = market.drawn.filter(name=name).first()
    if found is None:
        job = actions.draw(
            market=market, by=by, name=name, lon=-0.51519, lat=53.06601, floor_space_m2=m2, centre_class="retail park"
        )
        if not wait:
            seed.worked(job)
        found = market.drawn.get(name=name)
    return found
