"""Experiments: names, keys that change with whatever changes the result, and honest refusals."""

import ast
import json
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from topo_core import experiment as module
from topo_core.continuous.recipe import ContinuousTime
from topo_core.datasets import DiscInAnnulus, Interval, Spirals, UserPoints
from topo_core.errors import DataError, SpecError, UnknownNameError
from topo_core.experiments import (
    EXPERIMENTS,
    Experiment,
    Recipe,
    experiment_for,
    experiment_named,
    source_hash,
)
from topo_core.knn.recipe import Fitting
from topo_core.recipe import VectorFields
from topo_core.spec import NetworkSpec
from topo_core.unlinking.recipe import Unlinking

ROOT = Path(__file__).parents[2]
CORE = ROOT / "topo_core"

BASE = Experiment(
    *("base", "A title", Spirals(n_per_class=8), NetworkSpec.parse("2-2")),
    Recipe(penalty="layers"),
    claim="A claim.",
)

RECIPE_CHANGES: dict[str, Any] = {
    "restarts": 17,
    "steps": 5001,
    "learning_rate": 0.020000000000000004,
    "betas": (0.9, 0.999),
    "warmup": 101,
    "clip": 1.5,
    "init": "orthogonal",
    "gain": 1.5,
    "decay": 1e-3,
    "snapshots": 121,
    "fresh": True,
    "penalty": "logit",
    "penalty_strength": 1e-3,
    "batch": 64,
    "fields": VectorFields(anchors="points"),
}
CHANGES: dict[str, Any] = {
    "name": "other",
    "title": "Another title",
    "dataset": Spirals(n_per_class=9),
    "network": NetworkSpec.parse("2-2:relu"),
    "recipe": Recipe(steps=1),
    "seed": 1,
    "claim": "Another claim.",
    "unlinking": Unlinking(),
    "homology": True,
    "fitting": Fitting("softmax"),
    "continuous": ContinuousTime(),
}


class TestNamedExperiments:
    def test_names(self) -> None:
        assert list(EXPERIMENTS) == [experiment.name for experiment in EXPERIMENTS.values()]
        assert {
            *("curves-linear", "curves", "spirals", "spirals-entangled", "spirals-entangled-wide"),
            *("annulus", "annulus-3", "interval"),
        } <= set(EXPERIMENTS)

    @pytest.mark.parametrize("name", EXPERIMENTS)
    def test_each_says_what_it_is(self, name: str) -> None:
        experiment = experiment_named(name)
        assert experiment is EXPERIMENTS[name]
        assert experiment.title
        assert experiment.claim.endswith(".")
        assert name == name.lower().strip()
        assert all(part.replace(".", "").isalnum() for part in name.split("-"))  # part of file names

    def test_the_spirals_are_those_of_the_essay(self) -> None:
        for name, turns in (("spirals", 0.75), ("spirals-entangled", 1.0), ("spirals-entangled-wide", 1.0)):
            experiment = EXPERIMENTS[name]
            assert isinstance(experiment.dataset, Spirals)
            assert experiment.dataset.turns == turns
            assert experiment.network == NetworkSpec.parse("2-2-2-2-2")

    def test_the_entangled_pair_is_trained_as_the_other_one_is(self) -> None:
        assert EXPERIMENTS["spirals"].recipe == EXPERIMENTS["spirals-entangled"].recipe

    @pytest.mark.parametrize(
        ("name", "suggestion"),
        [
            ("spirls", "did you mean spirals"),
            ("SPIRALS", "did you mean spirals"),
            ("annulus3", "annulus-3"),
            ("", "choose one of curves-linear, curves"),
        ],
    )
    def test_unknown_names_suggest_the_nearest(self, name: str, suggestion: str) -> None:
        with pytest.raises(UnknownNameError, match=suggestion) as caught:
            experiment_named(name)
        assert str(caught.value).startswith(f"no experiment is called {name!r}")

    def test_they_cannot_be_changed(self) -> None:
        with pytest.raises(FrozenInstanceError):
            EXPERIMENTS["spirals"].seed = 1  # type: ignore[misc]
        with pytest.raises(FrozenInstanceError):
            EXPERIMENTS["spirals"].recipe.steps = 1  # type: ignore[misc]


class TestKeys:
    def test_every_field_is_covered_here(self) -> None:
        assert set(RECIPE_CHANGES) == {field.name for field in fields(Recipe)}
        assert set(CHANGES) == {field.name for field in fields(Experiment)}

    @pytest.mark.parametrize("name", RECIPE_CHANGES)
    def test_they_change_with_every_field_of_the_recipe(self, name: str) -> None:
        recipe = replace(BASE.recipe, **{name: RECIPE_CHANGES[name]})
        assert replace(BASE, recipe=recipe).key != BASE.key

    @pytest.mark.parametrize("name", CHANGES)
    def test_they_change_with_every_field_of_the_experiment(self, name: str) -> None:
        assert replace(BASE, **{name: CHANGES[name]}).key != BASE.key

    def test_they_change_with_every_parameter_of_the_dataset(self) -> None:
        datasets = [
            Spirals(n_per_class=8),
            Spirals(n_per_class=8, turns=1.0),
            Spirals(n_per_class=8, seed=1),
            DiscInAnnulus(n_per_class=8),
            DiscInAnnulus(n_per_class=8, balanced=False),
        ]
        assert len({replace(BASE, dataset=dataset).key for dataset in datasets}) == len(datasets)

    def test_they_change_with_the_numbers_in_a_file_of_the_same_name(self) -> None:
        points = np.random.default_rng(0).standard_normal((6, 2))
        labels = np.arange(6) % 2
        given = [(points, labels), (np.nextafter(points, 9), labels), (points, 1 - labels)]
        keys = {replace(BASE, dataset=UserPoints(points=p, labels=q, source="a")).key for p, q in given}
        assert len(keys) == 3

    def test_they_are_twelve_hex_digits(self) -> None:
        assert len(BASE.key) == 12
        int(BASE.key, 16)

    def test_equal_experiments_have_equal_keys(self) -> None:
        again = Experiment(
            *("base", "A title", Spirals(n_per_class=8), NetworkSpec.parse("2-2:tanh")),
            Recipe(penalty="layers"),
            claim="A claim.",
        )
        assert (again.key, again) == (BASE.key, BASE)
        assert len({experiment.key for experiment in EXPERIMENTS.values()}) == len(EXPERIMENTS)

    def test_they_are_the_same_in_another_process(self, tmp_path: Path) -> None:
        code = (
            "from topo_core.experiments import EXPERIMENTS;"
            "print(*(experiment.key for experiment in EXPERIMENTS.values()))"
        )
        environment = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "12345"}
        run = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.split() == [experiment.key for experiment in EXPERIMENTS.values()]

    @pytest.mark.parametrize("name", EXPERIMENTS)
    def test_the_configuration_is_plain_json(self, name: str) -> None:
        config = EXPERIMENTS[name].config()
        assert json.loads(json.dumps(config, allow_nan=False)) == config


class TestSourceHash:
    """A change to the code that trains must not be answered with an old trace."""

    #: Modules that training imports, but whose code decides nothing that is measured.
    UNINVOLVED = frozenset(
        {
            *("__init__.py", "datasets/__init__.py", "datasets/tables.py", "errors.py"),
            *("continuous/__init__.py", "field_experiments.py"),
            *("experiment.py", "experiments.py", "catalogue.py", "recipe.py", "topology/__init__.py"),
            *("trace.py", "trace_io.py", "trace_layer.py", "trace_parts.py", "provenance.py"),
            *("unlinking/__init__.py", "unlinking/recipe.py", "links/__init__.py", "links/files.py"),
            "knn/__init__.py",
            *("links/layout.py", "links/planar.py", "links/realise.py", "links/snappea.py", "extras.py"),
        }
    )

    def needed(self) -> set[str]:
        """Every module of the package that ``training`` imports, itself or through another."""
        found, waiting = set(), ["training.py"]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            for node in ast.walk(ast.parse((CORE / name).read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("topo_core"):
                    parts = (node.module or "").split(".")[1:]
                    modules = ["/".join([*parts, a.name]) for a in node.names] + ["/".join(parts)]
                    for path in modules:
                        for candidate in (f"{path}.py", f"{path}/__init__.py".lstrip("/")):
                            if (CORE / candidate).is_file():
                                waiting.append(candidate)
        return found

    def test_it_covers_every_module_that_decides_the_result(self) -> None:
        sources = {*module._TRAINING_SOURCES, *module._UNLINKING_SOURCES, *module._HOMOLOGY_SOURCES}
        sources |= {*module._FITTING_SOURCES}
        assert self.needed() - self.UNINVOLVED == sources

    @pytest.mark.parametrize("name", module._TRAINING_SOURCES + module._UNLINKING_SOURCES)
    def test_it_changes_with_each(self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        more = module._UNLINKING_SOURCES
        for source in (*module._TRAINING_SOURCES, *more):
            copy = tmp_path / source
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes((CORE / source).read_bytes())
        monkeypatch.setattr(module, "__file__", str(tmp_path / "experiment.py"))
        compute = getattr(source_hash, "__wrapped__", source_hash)
        assert compute() == source_hash()
        assert compute(more) == source_hash(more) == EXPERIMENTS["unlink"].source_hash != source_hash()
        with (tmp_path / name).open("ab") as file:
            file.write(b"#")
        assert compute(more) != source_hash(more)
        assert (compute() != source_hash()) == (name not in more)


class TestWithOptions:
    def test_the_given_ones_change_and_nothing_else_does(self) -> None:
        assert BASE.with_options() == BASE
        assert BASE.with_options(seed=3) == replace(BASE, seed=3)
        changed = BASE.with_options(restarts=5)
        assert changed == replace(BASE, recipe=replace(BASE.recipe, restarts=5))
        assert BASE.with_options(seed=3).with_options(restarts=5).seed == 3
        assert BASE.recipe.restarts == 16

    def test_zero_is_a_seed_but_no_number_of_restarts(self) -> None:
        assert replace(BASE, seed=4).with_options(seed=0).seed == 0
        with pytest.raises(SpecError, match="unlink is not trained and has no restarts"):
            EXPERIMENTS["unlink"].with_options(restarts=2)
        with pytest.raises(SpecError, match="restarts = 0: must be at least 1"):
            BASE.with_options(restarts=0)
        with pytest.raises(SpecError, match="digits-softmax is trained once, in mini-batches"):
            EXPERIMENTS["digits-softmax"].with_options(restarts=2)


class TestRefusals:
    @pytest.mark.parametrize("name", ["restarts", "steps", "snapshots"])
    @pytest.mark.parametrize("value", [0, -1])
    def test_counts(self, name: str, value: int) -> None:
        with pytest.raises(SpecError, match=f"{name} = {value}: must be at least 1"):
            Recipe(**{name: value})  # type: ignore[arg-type]

    @pytest.mark.parametrize("rate", [0.0, -0.1, float("nan")])
    def test_learning_rates(self, rate: float) -> None:
        with pytest.raises(SpecError, match=r"learning_rate = .*: must be positive"):
            Recipe(learning_rate=rate)

    def test_penalties(self) -> None:
        with pytest.raises(SpecError, match="no penalty is called 'logits'; did you mean logit"):
            Recipe(penalty="logits", penalty_strength=1.0)
        with pytest.raises(SpecError, match=r"penalty_strength = 0\.1 of no penalty: choose the penalty"):
            Recipe(penalty_strength=0.1)
        for strength in (-1.0, float("nan"), float("inf")):
            with pytest.raises(SpecError, match=r"penalty_strength = .*: must be 0 or more, and finite"):
                Recipe(penalty="layers", penalty_strength=strength)

    def test_seeds(self) -> None:
        with pytest.raises(SpecError, match="seed = -1: must be 0 or more"):
            BASE.with_options(seed=-1)

    def test_a_network_for_another_dimension(self) -> None:
        with pytest.raises(SpecError) as caught:
            replace(BASE, network=NetworkSpec.parse("3-2"))
        message = str(caught.value)
        assert message == (
            "network 3-2 takes 3 inputs, but the points of 'spirals' have 2: start the spec with 2"
        )
        with pytest.raises(SpecError, match="start the spec with 1"):
            replace(BASE, dataset=Interval())


class TestExperimentFor:
    def points_file(self, folder: Path, name: str = "mine.csv", columns: str = "x,y,label") -> Path:
        path = folder / name
        width = columns.count(",")
        rows = (",".join([*(str(i + k) for k in range(width)), str(i % 2)]) for i in range(6))
        path.write_text("\n".join([columns, *rows]) + "\n")
        return path

    def test_a_name(self) -> None:
        assert experiment_for("spirals") is EXPERIMENTS["spirals"]
        changed = experiment_for("spirals", "2-3:relu")
        assert changed == replace(EXPERIMENTS["spirals"], network=NetworkSpec.parse("2-3:relu"))

    def test_a_file_of_points(self, tmp_path: Path) -> None:
        experiment = experiment_for(str(self.points_file(tmp_path)))
        assert (experiment.name, experiment.title) == ("mine", "mine")
        assert str(experiment.network) == "2-2-2-2-2"
        assert experiment.dataset.points.shape == (6, 2)
        assert experiment_for(str(self.points_file(tmp_path)), "2-4").network == NetworkSpec.parse("2-4")

    def test_the_networks_width_follows_the_points(self, tmp_path: Path) -> None:
        path = self.points_file(tmp_path, columns="x,y,z,label")
        assert str(experiment_for(str(path)).network) == "3-3-3-3-3"
        with pytest.raises(SpecError, match="start the spec with 3"):
            experiment_for(str(path), "2-2")

    @pytest.mark.parametrize("name", ["my points (2).csv", "ü.csv", "a;b.CSV", "---.csv"])
    def test_any_file_name_gives_a_name_for_files(self, name: str, tmp_path: Path) -> None:
        experiment = experiment_for(str(self.points_file(tmp_path, name)))
        assert set(experiment.name) <= set("abcdefghijklmnopqrstuvwxyzMP0123456789_-")
        assert experiment.name.strip("-")
        assert experiment.title == Path(name).stem

    def test_refusals(self, tmp_path: Path) -> None:
        with pytest.raises(UnknownNameError, match="did you mean spirals"):
            experiment_for("spirls", "2-2")
        with pytest.raises(SpecError, match="'x' is not a whole number"):
            experiment_for("spirals", "2-x")
        with pytest.raises(DataError, match=r"nothing\.csv"):
            experiment_for(str(tmp_path / "nothing.csv"))
