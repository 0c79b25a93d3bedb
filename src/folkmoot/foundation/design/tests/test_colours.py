"""The colours of the house contrast in light and in dark (WCAG 2.2: 1.4.3 for words, 1.4.11 for marks and borders)."""

import re
from importlib.resources import files

import pytest

SHEET = (files("folkmoot.foundation") / "static" / "foundation" / "tokens.css").read_text(encoding="utf-8")
PAIRS = {name: (light, dark) for name, light, dark in re.findall(r"(--fm-[\w-]+): light-dark\((#\w+), (#\w+)\)", SHEET)}
PLAIN = {name: (value, value) for name, value in re.findall(r"(--fm-[\w-]+): (#\w{6});", SHEET)}
COLOURS = PLAIN | PAIRS


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def test_the_formula_gives_the_known_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["--fm-paper", "--fm-raised"])
@pytest.mark.parametrize(
    "ink", ["ink", "quiet", "link", "link-hover", "visited", "error", "good", "1", "2", "3", "4", "5", "6"]
)
def test_words_are_legible_on_both_grounds(ink: str, ground: str, mode: int) -> None:
    assert contrast(COLOURS[f"--fm-{ink}"][mode], COLOURS[ground][mode]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("mark", ["edge", "bar", "total", "stress", "better", "worse"])
def test_marks_and_borders_stand_out(mark: str, mode: int) -> None:
    assert contrast(COLOURS[f"--fm-{mark}"][mode], COLOURS["--fm-paper"][mode]) >= 3


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("line", [*(f"flow-{k}" for k in range(1, 6)), "less-1", "less-2", "same", "more-1", "more-2"])
def test_lines_of_a_map_stand_out_from_its_ground(line: str, mode: int) -> None:
    assert contrast(COLOURS[f"--fm-{line}"][mode], COLOURS["--fm-raised"][mode]) >= 3


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_fuller_roads_stand_out_more(mode: int) -> None:
    inks = [contrast(COLOURS[f"--fm-flow-{k}"][mode], COLOURS["--fm-raised"][mode]) for k in (1, 2, 4, 5)]
    assert inks == sorted(inks)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [("on-brand", "brand"), ("on-action", "action"), ("on-action", "action-hover"), ("on-focus", "focus")]
    + [("on-series", name) for name in ("1", "3", "5", "good", "stress")],
)
def test_words_are_legible_on_filled_grounds(ink: str, ground: str, mode: int) -> None:
    assert contrast(COLOURS[f"--fm-{ink}"][mode], COLOURS[f"--fm-{ground}"][mode]) >= 4.5


def test_light_as_written_first_is_the_same_light_as_in_the_pairs() -> None:
    assert {name: PAIRS[name][0] for name in PAIRS} == {name: PLAIN[name][0] for name in PAIRS if name in PLAIN}
