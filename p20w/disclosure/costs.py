"""What it costs a reader that a cell is withheld.

Never from a withheld value: the size class of the nearest printed cell that contains it, and how
many totals it stands for. Ties are broken by an HMAC under a secret key, because a known algorithm
without one can be run backwards (Minami & Abe 2019, Algorithms 12(8):165).
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from p20w.disclosure.cells import CellSystem
    from p20w.disclosure.rows import Ints

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

TIE = 0.1
WALK = 0.01  # a withheld cell is almost free: moves stay short
TOP = 50.0
DEPTH = 30


def ties(keys: NDArray[np.str_], key: bytes) -> Floats:
    """One secret number in [0, 1) per cell, the same for the same key."""
    digests = [hmac.digest(key, text.encode(), hashlib.sha256)[:6] for text in keys.tolist()]
    return np.array([int.from_bytes(digest) / 2**48 for digest in digests])


def costs(cells: CellSystem, withheld: Bools, secret: Floats) -> Floats:
    """Cost per node of withholding one more person's worth of it; implied cells are free."""
    nearest = cells.above.copy()
    for _ in range(DEPTH):
        climbs = (nearest >= 0) & withheld[nearest]
        if not climbs.any():
            break
        nearest[climbs] = cells.above[nearest[climbs]]
    sizes = np.where(nearest >= 0, cells.values[nearest], 0)
    classes = np.floor(np.log2(sizes + 1.0))
    weights = (1 + classes) * (1 + cells.ranks) * (1 + TIE * secret)
    weights[cells.above < 0] *= TOP
    weights[cells.explicit :] = WALK
    weights[withheld] = WALK
    return weights


def processing_order(needs: Ints, secret: Floats) -> Ints:
    """Largest need first, ties by the secret."""
    return np.lexsort((secret, -needs)).astype(np.int64)
