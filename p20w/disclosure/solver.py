"""HiGHS without its banner, which the constructor would print to standard output."""

from __future__ import annotations

import highspy


class QuietHighs(highspy.Highs):  # type: ignore[misc]
    """A silent solver on one thread, the same answer every time."""

    def __init__(self) -> None:
        super().__init__()
        self.setOptionValue("threads", 1)
        self.setOptionValue("random_seed", 1)

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS names it
        """As HiGHS; the first callback prints the banner, so silence comes before it."""
        self.silent()
        super().enableCallbacks()
