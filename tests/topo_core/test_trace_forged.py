"""Trace files of forged content with a hash that fits: a TraceError, nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.topo_core.example_traces import example_trace
from tests.topo_core.forged_traces import (
    archive,
    forged,
    npy,
    npy_claiming,
    refused,
    shared,
    with_header,
)
from topo_core.errors import TraceError
from topo_core.trace import Trace


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "hostile.npz"


def test_the_forger_can_write_a_valid_trace(target: Path) -> None:
    target.write_bytes(archive(forged()))
    assert Trace.load(target) == example_trace("2-2")


class TestMembers:
    @pytest.mark.parametrize("name", sorted(forged()))
    def test_a_missing_member(self, name: str, target: Path) -> None:
        members = forged()
        del members[name]
        refused(target, archive(members))

    @pytest.mark.parametrize("name", ["points", "labels", "steps", "weight_1", "readout_bias", "losses"])
    def test_a_missing_array_that_the_hash_does_not_miss(self, name: str, target: Path) -> None:
        refused(target, archive(forged(**{name: None})), f"'{name}' too much or too little")

    def test_a_member_twice(self, target: Path) -> None:
        members = forged()
        refused(target, archive({**members, "points.npy#2": members["points.npy"]}), "twice")

    def test_one_too_many(self, target: Path) -> None:
        refused(target, archive(forged(extra=np.ones(3))), "'extra' too much")

    @pytest.mark.parametrize(
        "name", ["../evil.npy", "/etc/passwd", "a/b.npy", "A.npy", "weight_1.txt", ".npy", "é.npy"]
    )
    def test_foreign_names(self, name: str, target: Path) -> None:
        refused(target, archive({**forged(), name: b"x"}), "no part of a trace")

    def test_encrypted_members(self, target: Path) -> None:
        encrypted = bytearray(archive(forged()))
        encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
        refused(target, bytes(encrypted), "encrypted")

    @pytest.mark.parametrize(
        "header",
        [
            "{'descr': '|O', 'fortran_order': False, 'shape': (3, 2, 2), }",
            "{'descr': '>f8', 'fortran_order': False, 'shape': (3, 2, 2), }",
            "{'descr': '<c16', 'fortran_order': False, 'shape': (3, 2, 1), }",
            "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3, 2, 2), }",
            "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 2, 2), }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (-3, -2, 2), }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2, 2, 0), }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (12.0,), }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (), }",
            "__import__('os').abort()",
            "(" * 3000,
            "",
        ],
    )
    def test_array_headers_that_are_not_ours(self, header: str, target: Path) -> None:
        member = npy_claiming(header, bytes(96))
        refused(target, archive({**forged(), "weight_1.npy": member}), "'weight_1' is not a plain")

    @pytest.mark.parametrize("length", [0, 5, 8, 9, 10, 11, 60, 127, 128, 130])
    def test_members_cut_short(self, length: int, target: Path) -> None:
        members = forged()
        members["weight_1.npy"] = members["weight_1.npy"][:length]
        refused(target, archive(members), "weight_1")


class TestArrays:
    @pytest.mark.parametrize(
        ("name", "array", "complaint"),
        [
            ("weight_1", np.full((3, 2, 2), np.nan), "not all numbers are finite"),
            ("weight_1", np.full((3, 2, 2), np.inf), "not all numbers are finite"),
            ("weight_1", np.ones((3, 3, 2)), r"\(3, 3, 2\) does not fit"),
            ("weight_1", np.ones((1, 2, 2)), r"\(1, 2, 2\) does not fit"),
            ("bias_1", np.ones((3, 2, 1)), "bias of layer 1"),
            ("readout_weight", np.ones((3, 5, 2)), "readout weight"),
            ("readout_bias", np.ones(3), "readout bias"),
            ("steps", np.array([5, 3, 1]), "increasing"),
            ("steps", np.array([0.0, 1.0, 2.0]), "steps: numbers of type float64"),
            ("steps", np.array([[0, 1, 2]]), "steps: shape"),
            ("losses", np.array([1.0, np.nan, 1.0]), "losses"),
            ("accuracies", np.array([0.5, 1.0, 7.0]), "accuracies"),
            ("points", np.full((16, 2), np.nan), "points"),
            ("points", np.ones((16, 2)), "not those of dataset spirals"),
            ("points", np.ones((16, 3)), "not those of dataset spirals"),
            ("points", np.ones(16), "not those of dataset spirals"),
            ("labels", np.zeros(16, np.int64), "not those of dataset spirals"),
            ("labels", np.zeros(16), "labels: numbers of type float64"),
            ("labels", np.zeros((16, 1), np.int64), "labels: shape"),
            ("labels", np.full(16, 2**62), "not those of dataset spirals"),
        ],
    )
    def test_arrays_that_do_not_fit(self, name: str, array: np.ndarray, complaint: str, target: Path) -> None:
        refused(target, archive(forged(**{name: array})), complaint)

    @pytest.mark.parametrize("label", [-1, 2, 2**62])
    def test_labels_of_user_points_that_no_class_has(self, label: int, target: Path) -> None:
        labels = np.arange(16) % 2
        labels[3] = label
        description = {"name": "points", "params": {"source": "x", "class_names": ["A", "B"]}}
        members = forged(
            lambda header: {**header, "dataset": description},
            points=np.random.default_rng(0).random((16, 2)),
            labels=labels,
        )
        refused(target, archive(members), "label")

    def test_changed_weights_without_a_new_hash(self, target: Path) -> None:
        members = {**forged(), "weight_1.npy": npy(np.ones((3, 2, 2)))}
        refused(target, archive(members), "does not match its SHA-256")


def setting(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda header: {**header, **changes}


class TestHeader:
    @pytest.mark.parametrize(
        ("header", "complaint"),
        [
            (b"", "declares|not a plain"),
            (b"not json", "not JSON"),
            (b"\xff\xfe", "not JSON"),
            (b"{", "not JSON"),
            (b"[]", "not that of a trace"),
            (b"null", "not that of a trace"),
            (b"3", "not that of a trace"),
            (b'{"format":"other","version":1}', "not that of a trace"),
            (b'{"format":"topo-trace"}', "version None.* reads versions 1 and 2"),
            (b'{"format":"topo-trace","version":NaN}', "not JSON"),
            (b'{"format":"topo-trace","version":1,"x":1e999}', "not JSON"),
            (b'{"format":"topo-trace","version":' + b"9" * 9000 + b"}", "not JSON"),
            (b'{"format": "topo-trace","version":1}', "altered"),
            (b'{"format":"topo-trace","version":1,"version":1}', "altered"),
            (b"[" * 100_000, "not JSON"),
            (b"[" * 500_000 + b"]" * 500_000, "not JSON"),
            (b"[" * 200 + b"]" * 200, "nested more than"),
            (b'{"a":' * 100_000, "not JSON"),
            (b'"' + b"a" * (8 * 2**20) + b'"', "at most"),
        ],
        ids=lambda value: repr(value[:24]),
    )
    def test_bytes_that_are_no_header(self, header: bytes, complaint: str, target: Path) -> None:
        refused(target, with_header(header), complaint)

    @pytest.mark.parametrize(
        "array", [np.ones(3), np.ones((2, 2), np.uint8), np.array(3), np.ones(3, np.int8)]
    )
    def test_arrays_that_are_no_header(self, array: np.ndarray, target: Path) -> None:
        refused(target, archive({**forged(), "header.npy": npy(array)}), "header")

    @pytest.mark.parametrize("version", [3, 0, -1, 10**30, 1.0, "1", True, None, [1]])
    def test_other_versions(self, version: Any, target: Path) -> None:
        refused(target, archive(forged(setting(version=version))), "reads versions 1 and 2")

    def test_a_version_that_its_layers_do_not_need(self, target: Path) -> None:
        refused(target, archive(forged(setting(version=2))), "does not fit network '2-2'")

    @pytest.mark.parametrize("key", ["dataset", "network", "swaps", "outcome", "provenance"])
    def test_a_missing_key(self, key: str, target: Path) -> None:
        def without(header: dict[str, Any]) -> dict[str, Any]:
            del header[key]
            return header

        refused(target, archive(forged(without)), "just the keys")

    def test_an_unknown_key(self, target: Path) -> None:
        refused(target, archive(forged(setting(extra=1))), "just the keys")

    @pytest.mark.parametrize("sha256", [None, 3, "", "0" * 64, [], {}])
    def test_a_wrong_hash(self, sha256: Any, target: Path) -> None:
        refused(target, archive(forged(setting(sha256=sha256))), "does not match its SHA-256")

    @pytest.mark.parametrize("value", [None, 0, 1.5, True, "x", [], [1], {}, {"name": "spirals"}])
    @pytest.mark.parametrize("key", ["dataset", "network"])
    def test_wrong_types(self, key: str, value: Any, target: Path) -> None:
        refused(target, archive(forged(setting(**{key: value}))))

    @pytest.mark.parametrize("value", [None, 0, "x", [], [[0, 1], None], [0], [[]], [[[], {}]], {}])
    def test_wrong_swaps(self, value: Any, target: Path) -> None:
        refused(target, archive(forged(setting(swaps=value))), "swaps")

    @pytest.mark.parametrize("key", ["outcome", "certificate", "provenance"])
    @pytest.mark.parametrize("value", [None, 0, "x", []])
    def test_records_that_are_no_objects(self, key: str, value: Any, target: Path) -> None:
        refused(target, archive(forged(setting(**{key: value}))), f"{key} is not a JSON object")

    @pytest.mark.parametrize(
        "network",
        ["", "2-", "2-2-2", "3-2", "2-2:evil", "2-" + "9" * 4000, "2" + "-2" * 100_000, "\ud800"],
        ids=lambda text: ascii(text[:12]),
    )
    def test_networks(self, network: str, target: Path) -> None:
        refused(target, archive(forged(setting(network=network))))

    @pytest.mark.parametrize(
        "params",
        [
            {"n_per_class": -1},
            {"n_per_class": "8"},
            {"n_per_class": 8.0},
            {"n_per_class": 10**400},
            {"n_per_class": [8]},
            {"seed": 2**70},
            {"seed": None},
            {"turns": 1e308},
            {"turns": -(10**400)},
            {"turns": {}},
            {"self": 1},
            {"__class__": "x"},
            {"name": "spirals"},
        ],
        ids=repr,
    )
    def test_dataset_parameters(self, params: dict[str, Any], target: Path) -> None:
        def changed(header: dict[str, Any]) -> dict[str, Any]:
            header["dataset"]["params"].update(params)
            return header

        refused(target, archive(forged(changed)))

    @pytest.mark.parametrize("name", ["", "nope", "interval", 3, None, ["spirals"], "a\nb"])
    def test_dataset_names(self, name: Any, target: Path) -> None:
        description = {"name": name, "params": {}}
        refused(target, archive(forged(setting(dataset=description))))

    json_values = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=12,
    )

    @shared
    @given(data=st.data(), value=json_values)
    def test_any_value_anywhere(self, data: st.DataObject, value: Any, target: Path) -> None:
        def changed(header: dict[str, Any]) -> dict[str, Any]:
            key = data.draw(st.sampled_from(sorted(header)))
            place: Any = header
            while isinstance(place[key], dict) and place[key] and data.draw(st.booleans()):
                place = place[key]
                key = data.draw(st.sampled_from(sorted(place)))
            place[key] = value
            return header

        target.write_bytes(archive(forged(changed)))
        try:
            loaded = Trace.load(target)
        except TraceError as error:
            assert "\n" not in str(error)  # noqa: PT017
        else:
            loaded.logits(np.zeros((1, 2)))
