"""Traces with flow layers: what they evaluate to, their files, and hostile ones."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.topo_core.example_traces import FLOW_NETWORKS, example_flows, example_trace, trace_fields
from tests.topo_core.forged_traces import archive, forged, refused, shared
from topo_core.datasets import DiscInAnnulus
from topo_core.errors import SpecError, TopoError, TraceError
from topo_core.flow import Flow, Flows
from topo_core.handmade import handmade
from topo_core.inverse import recovered
from topo_core.networks import Network
from topo_core.spec import NetworkSpec
from topo_core.topology.stretch import jacobians
from topo_core.topology.surrounding import circle_windings
from topo_core.trace import Trace

FLOWING = "3-3:flow*3"
MIXED = "2-2:flow-3:relu-3:flow"


def points(trace: Trace, count: int = 20) -> np.ndarray:
    return np.random.default_rng(2).uniform(-1, 1, (count, trace.dataset.dimension))


class TestSpec:
    def test_flow_layers_may_be_counted(self) -> None:
        spec = NetworkSpec.parse("3-3:flow*4-2")
        assert spec.widths == (3, 3, 3, 3, 3, 2)
        assert spec.activations == ("flow",) * 4 + ("tanh",)
        assert str(spec) == "3-3:flow*4-2"
        assert str(NetworkSpec.parse("2-2:flow-2:flow")) == "2-2:flow*2"
        assert NetworkSpec.parse("2-2:relu*3") == NetworkSpec.parse("2-2:relu-2:relu-2:relu")
        assert str(NetworkSpec.parse("2-2:relu*3")) == "2-2:relu-2:relu-2:relu"

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("2-3:flow", "a flow layer from 2 to 3 dimensions: it must keep the dimension"),
            ("300-300:flow", "at most 256"),
            ("2-2:flow*0", "'0' is not a number of layers"),
            ("2-2:flow*", "'' is not a number of layers"),
            ("2-2:flow*x", "'x' is not a number of layers"),
            ("2-2:flow*99999999999", "is not a number of layers"),
            ("2-2:flow*1000-2", "more than 1000 hidden layers"),
            ("2" + "-2:flow*1000" * 100_000, "more than 1000 hidden layers"),
            ("2-2:flows", "did you mean flow"),
        ],
        ids=lambda text: text[:20],
    )
    def test_what_it_refuses(self, text: str, complaint: str) -> None:
        with pytest.raises(SpecError, match=complaint):
            NetworkSpec.parse(text)


class TestEvaluation:
    @pytest.mark.parametrize("network", FLOW_NETWORKS)
    def test_representations(self, network: str) -> None:
        trace = example_trace(network)
        for snapshot in range(3):
            h = points(trace)
            found = trace.representations(h, snapshot)
            for k, flow in enumerate(trace.flows):
                if flow is None:
                    h = np.maximum(h @ trace.weights[k][snapshot].T + trace.biases[k][snapshot], 0)
                else:
                    h = h + flow.at(snapshot).field(h)
                np.testing.assert_allclose(found[k + 1], h, atol=1e-14)

    def test_half_way_through_a_layer(self) -> None:
        trace = example_trace(FLOWING)
        x = points(trace)
        start = trace.evaluate(x, 1)
        moved = trace.evaluate(x, 1, 0.25)
        np.testing.assert_allclose(moved, start + 0.25 * trace.flows[1].at(-1).field(start), atol=1e-14)  # type: ignore[union-attr]
        np.testing.assert_allclose(trace.evaluate(x, 1, 1.0), trace.evaluate(x, 2), atol=1e-14)

    def test_layers(self) -> None:
        trace = example_trace(MIXED)
        first, second, third = trace.layers
        assert [layer.activation for layer in trace.layers] == ["flow", "relu", "flow"]
        assert [len(layer.path.steps) for layer in trace.layers] == [1, 3, 1]
        assert first.path.isotopic
        assert third.path.isotopic
        assert first.swap is None
        assert second.flow is None
        assert isinstance(first.flow, Flow)
        np.testing.assert_array_equal(first.weight, np.eye(2))
        np.testing.assert_array_equal(first.bias, np.zeros(2))
        for array in (first.flow.anchors, trace.weights[0]):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0

    @pytest.mark.parametrize("network", ["3-3:flow*3", "2-2:flow-2-2:flow"])
    def test_derivatives_and_the_way_back(self, network: str) -> None:
        trace = example_trace(network)
        x, h = points(trace), 1e-6
        steps = h * np.eye(x.shape[1])
        ends = [
            (trace.representations(x + step)[-1] - trace.representations(x - step)[-1]) / (2 * h)
            for step in steps
        ]
        np.testing.assert_allclose(jacobians(trace, x)[-1], np.stack(ends, axis=2), atol=1e-7)
        for back, there in zip(
            recovered(trace, trace.representations(x)[-1]), trace.representations(x), strict=True
        ):
            np.testing.assert_allclose(back, there, atol=1e-9)

    def test_circles_still_go_around(self) -> None:
        flow = Flow(np.array([[0.5, 0.2], [-0.3, 0.1]]), np.array([[0.2, 0.1], [0, -0.3]]), 0.8)
        made = handmade([flow, flow], dataset=DiscInAnnulus())
        assert [winding.number for winding in circle_windings(made)] == [1, 1, 1]
        wild = handmade([Flow(flow.anchors, 99 * flow.vectors, 0.8)], dataset=DiscInAnnulus())
        with pytest.raises(TopoError, match="winding numbers through layer 1: The field is not proven"):
            circle_windings(wild)

    def test_made_by_hand_with_other_layers(self) -> None:
        flow = Flow(np.zeros((1, 2)), np.array([[0.1, 0.0]]), 1.0)
        trace = handmade([(np.eye(2), [0, 1]), flow], "tanh")
        assert str(trace.spec) == "2-2-2:flow"
        x = points(trace)
        np.testing.assert_allclose(trace.evaluate(x, 2), flow(np.tanh(x + np.array([0, 1]))))

    def test_they_are_not_trained_without_points(self) -> None:
        with pytest.raises(SpecError, match="flow layers have their anchors among training points"):
            Network(NetworkSpec.parse("2-2:flow"))


class TestValidation:
    @pytest.mark.parametrize(
        ("flows", "complaint"),
        [
            ((), "flows: layer 1 is a flow layer and has none"),
            ((None, None, None), "flows: layer 1 is a flow layer and has none"),
            ((1,), "flows: one is needed for each of 3"),
        ],
    )
    def test_missing_flows(self, flows: Any, complaint: str) -> None:
        with pytest.raises(TraceError, match=complaint):
            Trace(**{**trace_fields(FLOWING), "flows": flows})

    def test_a_flow_too_many(self) -> None:
        fields = trace_fields("3-3-2:softplus")
        flows = example_flows(np.random.default_rng(0), 3, 3)
        with pytest.raises(TraceError, match="layer 1 has one and is no flow layer"):
            Trace(**{**fields, "flows": (flows, None)})

    @pytest.mark.parametrize(
        ("name", "value", "complaint"),
        [
            ("anchors", np.zeros((3, 5, 2)), "anchors of layer 1: shape"),
            ("anchors", np.zeros((2, 5, 3)), "anchors of layer 1: shape"),
            ("anchors", np.zeros(3), "anchors of layer 1: shape"),
            ("vectors", np.zeros((3, 4, 3)), "vectors of layer 1: shape"),
            ("vectors", np.full((3, 5, 3), np.nan), "not all numbers are finite"),
            ("scales", np.array([1.0, 0, 1]), "scales above 0"),
            ("scales", np.array([1.0, np.inf, 1]), "not all numbers are finite"),
            ("scales", np.ones(2), "scales of layer 1: shape"),
        ],
    )
    def test_arrays_that_do_not_fit(self, name: str, value: np.ndarray, complaint: str) -> None:
        fields = trace_fields(FLOWING)
        bad = replace(fields["flows"][0], **{name: value})
        with pytest.raises(TraceError, match=complaint):
            Trace(**{**fields, "flows": (bad, *fields["flows"][1:])})


class TestFiles:
    def test_any_change_of_a_flow_changes_the_hash(self) -> None:
        trace = example_trace(FLOWING)
        first = trace.flows[0]
        assert first is not None
        for name in ("anchors", "vectors", "scales"):
            changed = replace(first, **{name: np.nextafter(getattr(first, name), 9)})
            assert replace(trace, flows=(changed, *trace.flows[1:])).hash != trace.hash

    def test_only_they_need_the_new_version(self, tmp_path: Path) -> None:
        for network, version in ((FLOWING, b'"version":2'), ("3-3", b'"version":1')):
            example_trace(network).save(tmp_path / "a.npz")
            assert version in (tmp_path / "a.npz").read_bytes()

    def test_weights_of_flow_layers_are_not_stored(self, tmp_path: Path) -> None:
        trace = example_trace(MIXED)
        trace.save(tmp_path / "a.npz")
        with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
            names = {name for name in file.files if name[-1].isdigit()}
        assert names == {
            *("anchors_1", "vectors_1", "scales_1", "weight_2", "bias_2"),
            *("anchors_3", "vectors_3", "scales_3"),
        }


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "hostile.npz"


class TestHostileFiles:
    def test_the_forger_can_write_a_valid_one(self, target: Path) -> None:
        target.write_bytes(archive(forged(network=FLOWING)))
        assert Trace.load(target) == example_trace(FLOWING)

    @pytest.mark.parametrize("name", ["anchors_1", "vectors_2", "scales_3"])
    def test_a_missing_array(self, name: str, target: Path) -> None:
        refused(target, archive(forged(network=FLOWING, **{name: None})), "too much or too little")

    @pytest.mark.parametrize("name", ["weight_1", "anchors_4", "flow_1"])
    def test_an_array_too_many(self, name: str, target: Path) -> None:
        members = forged(network=FLOWING, **{name: np.zeros((3, 3, 3))})
        refused(target, archive(members), "too much or too little")

    @pytest.mark.parametrize("version", [1, 3, "2", None])
    def test_another_version(self, version: Any, target: Path) -> None:
        members = forged(lambda header: {**header, "version": version}, network=FLOWING)
        refused(target, archive(members), "version")

    @pytest.mark.parametrize(
        ("name", "array"),
        [
            ("anchors_1", np.zeros((3, 5, 3, 1))),
            ("anchors_1", np.zeros((3, 5), np.int64)),
            ("anchors_1", np.full((3, 5, 3), np.inf)),
            ("vectors_1", np.zeros((3, 6, 3))),
            ("scales_1", np.array([1.0, -1, 1])),
            ("scales_1", np.ones((3, 1))),
            ("scales_1", np.ones(4)),
            ("steps", np.arange(300)),
        ],
    )
    def test_arrays_that_do_not_fit(self, name: str, array: np.ndarray, target: Path) -> None:
        refused(target, archive(forged(network=FLOWING, **{name: array})))

    def test_many_snapshots_of_a_wide_flow_allocate_nothing_large(self, target: Path) -> None:
        def wide(header: dict[str, Any]) -> dict[str, Any]:
            return {**header, "network": "256-256:flow*3"}

        refused(target, archive(forged(wide, network=FLOWING, steps=np.arange(3_000_000))))

    @shared
    @given(data=st.data())
    def test_arrays_of_any_shape_and_content(self, data: st.DataObject, target: Path) -> None:
        name = data.draw(st.sampled_from(["anchors_1", "vectors_1", "scales_1", "anchors_3", "weight_1"]))
        shape = tuple(data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=4)))
        value = data.draw(st.floats() | st.sampled_from([1e-310, 1e308, -1e308, 0.0]))
        target.write_bytes(archive(forged(network=FLOWING, **{name: np.full(shape, value)})))
        try:
            loaded = Trace.load(target)
        except TraceError as error:
            assert "\n" not in str(error)  # noqa: PT017
        else:
            with np.errstate(all="ignore"):
                loaded.logits(np.zeros((1, 3)))
                assert loaded.layers[0].path.isotopic in (True, False)


def test_flows_of_one_snapshot_come_back(tmp_path: Path) -> None:
    flow = Flow(np.zeros((2, 2)), np.array([[0.1, 0], [0, 0.2]]), 0.5)
    trace = handmade([flow])
    trace.save(tmp_path / "a.npz")
    loaded = Trace.load(tmp_path / "a.npz")
    assert loaded == trace
    assert isinstance(loaded.flows[0], Flows)
    x = points(trace)
    np.testing.assert_array_equal(loaded.logits(x), trace.logits(x))
