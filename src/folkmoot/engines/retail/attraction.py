"""What draws people to a centre, from its parts.

Dolega, Pavlis and Singleton (2015, “Estimating attractiveness, hierarchy and catchment area extents for a national set
of retail centre agglomerations”) score a centre as A_j = (S − V) · C · L · An: shops without the vacant ones, times
composition, leisure and anchor factors that are 1 for a typical centre.

>>> composite(shops=[100], vacant=[10], composition=[1.2], leisure=[1.0], anchors=[1.5]).tolist()
[162.0]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from folkmoot.engines.retail.model import Floats, RetailError


def composite(
    *,
    shops: ArrayLike,
    vacant: ArrayLike = 0.0,
    composition: ArrayLike = 1.0,
    leisure: ArrayLike = 1.0,
    anchors: ArrayLike = 1.0,
) -> Floats:
    """A_j of every centre. Raises `RetailError` where it would not be above zero, naming the row."""
    size, empty = np.atleast_1d(np.asarray(shops, float)), np.asarray(vacant, float)
    product = (size - empty) * np.asarray(composition, float) * np.asarray(leisure, float) * np.asarray(anchors, float)
    wrong = ~(np.isfinite(product) & (product > 0))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise RetailError(
            f"The attractiveness of centre number {row + 1} comes out as {product[row]:g}; every factor must be above "
            "zero and not every shop may be vacant. Write factors as ratios to a typical centre, not as counts."
        )
    return np.asarray(product)


def relative(values: ArrayLike) -> Floats:
    """A measure as a factor: 1 for the mean centre, and one added to all so that nothing becomes zero.

    >>> relative([0, 2, 4]).tolist()
    [0.3333333333333333, 1.0, 1.6666666666666667]
    """
    raised = np.asarray(values, float) + 1.0
    return np.asarray(raised / raised.mean())
