"""The thinnest place of maps whose singular values are known."""

from __future__ import annotations

import numpy as np
import pytest

from topo_core.datasets import Spirals
from topo_core.handmade import handmade
from topo_core.topology.stretch import stretches
from topo_core.topology.thinnest import thinnest

DATA = Spirals(turns=0.5, n_per_class=10)


def test_a_linear_map_is_as_thin_everywhere() -> None:
    found = thinnest(handmade([(np.diag([2.0, 0.25]), np.zeros(2))], "linear", dataset=DATA))
    assert found.thickness == pytest.approx(0.25)
    np.testing.assert_allclose(np.abs(found.across), [0, 1], atol=1e-12)
    np.testing.assert_allclose(found.image, found.point * [2, 0.25])


def test_tanh_is_thinnest_furthest_out() -> None:
    trace = handmade([(np.eye(2), np.zeros(2))], "tanh", dataset=DATA)
    points = np.array([[0.0, 0.0], [3.0, 0.5], [1.0, -2.0]])
    found = thinnest(trace, points)
    np.testing.assert_array_equal(found.point, points[1])
    assert found.thickness == pytest.approx(1 / np.cosh(3.0) ** 2)
    np.testing.assert_allclose(np.abs(found.across), [1, 0], atol=1e-12)


def test_it_is_the_least_of_all_singular_values() -> None:
    trace = handmade([([[1.0, 0.5], [-0.7, 1.2]], [0.1, 0.3]), ([[0.4, 1.5], [1.1, -0.2]], [0.0, 0.2])])
    points = np.random.default_rng(0).normal(size=(200, 2))
    assert thinnest(trace, points).thickness == pytest.approx(stretches(trace, points)[-1].min(), rel=1e-12)


def test_what_narrows_has_no_thickness_at_all() -> None:
    found = thinnest(handmade([(np.array([[1.0, 1.0]]), np.zeros(1))], "tanh", dataset=DATA))
    assert found.thickness == 0
    assert found.across @ [1.0, 1.0] == pytest.approx(0, abs=1e-12)


def test_a_wider_layer_keeps_the_thickness_of_the_sheet() -> None:
    trace = handmade([(np.array([[3.0, 0], [0, 0.5], [0, 0]]), np.zeros(3))], "linear", dataset=DATA)
    assert thinnest(trace).thickness == pytest.approx(0.5)
