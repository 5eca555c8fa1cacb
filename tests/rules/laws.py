"""How often a law is tried: the same examples in every run, so that the same code gives the same result.

`LAW_EXAMPLES` bounds their number for mutation testing, which runs the tests some thousand times and only asks
whether a law is broken, not for the smallest example that breaks it.
"""

import os

from hypothesis import Phase, settings

BOUND = int(os.environ.get("LAW_EXAMPLES", "0"))
PHASES = (Phase.explicit, Phase.generate) if BOUND else tuple(Phase)


def law_of(examples: int) -> settings:
    """A law that is tried on so many examples, or on LAW_EXAMPLES if that is less."""
    most = min(examples, BOUND or examples)
    return settings(max_examples=most, phases=PHASES, derandomize=True, deadline=None, database=None)
