"""The decision regions of an input line."""

import numpy as np

from scenes.kit.space import Space
from scenes.kit.stage import PLANE
from tests.scenes import example_films


class TestIntervals:
    def test_ends_are_exact_ties_and_classes_alternate(self) -> None:
        trace = example_films.interval_trace()
        ends, labels = Space(trace, PLANE).intervals
        assert len(ends) == len(labels) + 1
        assert (np.diff(ends) > 0).all()
        assert (np.diff(labels) != 0).all()
        logits = trace.logits(ends[1:-1, None])
        assert np.abs(logits[:, 0] - logits[:, 1]).max() < 1e-9
        middles = (ends[1:] + ends[:-1]) / 2
        assert (trace.predict(middles[:, None]) == labels).all()
