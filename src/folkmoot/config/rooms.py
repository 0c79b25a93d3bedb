"""Which services are in the house: every package under services/ that has an apps.py."""

from pathlib import Path

from folkmoot import services


def rooms() -> tuple[str, ...]:
    """Names of the services present, in alphabetical order."""
    house = Path(services.__path__[0])
    return tuple(sorted(room.parent.name for room in house.glob("*/apps.py")))


def has(room: str, module: str) -> bool:
    """Whether a service has this module, for example `urls` or `api`."""
    house = Path(services.__path__[0])
    return (house / room / f"{module}.py").exists() or (house / room / module / "__init__.py").exists()
