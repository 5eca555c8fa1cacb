"""How often a law is tried: the same examples in every run, so that the same code gives the same result.

`LAW_EXAMPLES` bounds their number, for mutation testing, which runs the tests some thousand times.
"""

import os

from hypothesis import settings

BOUND = int(os.environ.get("LAW_EXAMPLES", "1000"))


def law_of(examples: int) -> settings:
    """A law that is tried on so many examples, or on LAW_EXAMPLES if that is less."""
    return settings(max_examples=min(examples, BOUND), derandomize=True, deadline=None, database=None)
