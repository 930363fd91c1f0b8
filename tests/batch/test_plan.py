"""From manifests to jobs: combinations, names, each training once, and all that does not exist or apply."""

from pathlib import Path

import pytest

from batch.plan import MOST_JOBS, Plan
from tests.batch.manifests import planned, problems
from topo_core.datasets import Spirals
from topo_core.experiments import EXPERIMENTS
from topo_core.store import trace_path


def names(plan: Plan, kind: str) -> list[str]:
    return [job.name for job in plan.of_kind(kind)]


def test_grids_are_products_and_lists_are_rows(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        """
        [[job]]
        experiment = ["spirals", "annulus"]
        restarts = 2
        grid.width = [2, 3]
        list = { seed = [0, 1], activation = ["tanh", "relu"] }
        """,
    )
    assert names(plan, "train") == [
        f"{experiment}/width-{width}-{row}"
        for experiment in ("spirals", "annulus")
        for width in (2, 3)
        for row in ("activation-tanh-seed-0", "activation-relu-seed-1")
    ]
    last = plan.jobs[-1]
    assert last.experiment is not None
    assert str(last.experiment.network) == "2-3:relu"
    assert (last.experiment.seed, last.experiment.recipe.restarts) == (1, 2)
    assert last.parameters == {
        **{"experiment": "annulus", "restarts": 2, "width": 3, "seed": 1},
        "activation": "relu",
    }
    assert last.outputs == ("annulus/width-3-activation-relu-seed-1.npz",)


def test_names_tell_exactly_what_varies(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        """
        [[job]]
        experiment = "curves"
        [[job]]
        experiment = "annulus"
        grid = { seed = [4] }
        """,
    )
    assert names(plan, "train") == ["curves", "annulus"]
    plan = planned(
        tmp_path,
        """
        [[job]]
        experiment = ["curves", "annulus"]
        scene = ["layers-in-motion", "decision-boundary"]
        seed = 2
        [[job]]
        figure = "spirals-separate"
        grid = { at = ["section:1", "layer:2/0.5"], figure_width = ["8cm"] }
        """,
    )
    assert names(plan, "video") == [
        *("layers-in-motion/curves", "layers-in-motion/annulus"),
        *("decision-boundary/curves", "decision-boundary/annulus"),
    ]
    assert names(plan, "figure") == ["spirals-separate/at-section-1", "spirals-separate/at-layer-2-0.5"]


def test_templates_may_name_whatever_a_job_has(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        """
        [[job]]
        experiment = "field-spirals"
        figure = "layers-in-motion"
        name = "{figure}/{experiment}-{turns:.1f}-{depth}-{width}-{seed:02d}-{dpi}-{theme}-{format}"
        format = ["pdf", "svg", "pdf"]
        [[job]]
        scene = "one-layer"
        name = "{scene}-{quality}-{theme}-{format}"
        """,
    )
    assert names(plan, "figure") == ["layers-in-motion/field-spirals-1.0-16-2-00-300-light-pdf-svg"]
    assert plan.of_kind("figure")[0].outputs[-1].endswith("-pdf-svg.svg")
    assert names(plan, "video") == ["one-layer-h-dark-mp4"]


def test_each_training_is_one_job_however_many_use_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOPO_MEDIA", str(tmp_path / "media"))
    plan = planned(
        tmp_path,
        """
        [[job]]
        scene = ["spirals-separate", "spirals-entangled", "one-layer"]
        [[job]]
        figure = "layers"
        grid.theme = ["dark", "light"]
        [[job]]
        experiment = "spirals"
        name = "mine"
        [[job]]
        experiment = "spirals"
        name = "again"
        seed = 0
        """,
    )
    entangled = [f"traces/{trace_path(EXPERIMENTS[name]).stem}" for name in ENTANGLED]
    assert names(plan, "train") == ["mine", *entangled, "again"]
    assert plan.same == {"again": "mine"}
    needs = {job.name: job.needs for job in plan.jobs}
    assert needs["spirals-separate"] == needs["layers/theme-dark"] == ("mine",)
    assert needs["spirals-entangled"] == tuple(entangled)
    assert needs["one-layer"] == needs["mine"] == ()
    assert plan.summary() == "3 trainings, 3 videos, 2 figures"


ENTANGLED = ("spirals-entangled", "spirals-entangled-wide")


def test_an_experiment_takes_the_place_of_a_scenes_own(tmp_path: Path) -> None:
    plan = planned(tmp_path, '[[job]]\nscene = "spirals-entangled"\nexperiment = "curves"\nseed = 3')
    (job,) = plan.of_kind("video")
    own, other = (f"traces/{trace_path(e).stem}" for e in (job.experiment, EXPERIMENTS[ENTANGLED[1]]) if e)
    assert job.needs == (own, other)
    assert job.experiment == EXPERIMENTS["curves"].with_options(seed=3)


def test_parameters_of_a_scene_are_those_of_its_own_network(tmp_path: Path) -> None:
    plan = planned(tmp_path, '[[job]]\nscene = "spirals-separate"\ndepth = 2\nturns = 0.5\nsteps = 10')
    (job,) = plan.of_kind("video")
    assert job.experiment is not None
    assert str(job.experiment.network) == "2-2-2"
    assert job.experiment.dataset == Spirals(turns=0.5, n_per_class=64)
    assert job.experiment.recipe.steps == 10


def test_defaults_count_where_they_apply_and_are_not_chosen(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        """
        [defaults]
        turns = 0.5
        theme = "light"
        quality = "l"
        format = ["webm", "svg"]
        width = 3
        [[job]]
        experiment = ["spirals", "annulus"]
        network = "2-2"
        [[job]]
        scene = "one-layer"
        [[job]]
        figure = "layers-in-motion"
        experiment = "curves"
        theme = "dark"
        """,
    )
    spirals, annulus, _, video, figure = plan.jobs
    assert spirals.parameters == {"experiment": "spirals", "network": "2-2", "turns": 0.5}
    assert annulus.parameters == {"experiment": "annulus", "network": "2-2"}
    assert video.parameters.keys() == {"scene", "theme", "quality", "format"}
    assert (video.options["format"], video.options["theme"], video.options["quality"]) == (
        "webm",
        "light",
        "l",
    )
    assert (figure.formats, figure.options["theme"]) == (("svg",), "dark")
    assert figure.experiment is not None
    assert str(figure.experiment.network) == "2-3"


def test_formats_of_a_figure_are_one_job_and_of_a_video_several(tmp_path: Path) -> None:
    plan = planned(
        tmp_path,
        """
        [[job]]
        figure = "layers"
        grid = { format = ["pdf", "png"], dpi = [100, 200] }
        [[job]]
        scene = "one-layer"
        grid.format = ["mp4", "webm"]
        """,
    )
    figures, videos = plan.of_kind("figure"), plan.of_kind("video")
    assert [job.formats for job in figures] == [("pdf", "png")] * 2
    assert [job.outputs for job in videos] == [
        *(("one-layer/format-mp4.mp4",), ("one-layer/format-webm.webm",))
    ]


def test_files_are_those_beside_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("x,y,label\n0,0,a\n1,1,b\n0,1,a\n1,0,b\n")
    (tmp_path / "mine.py").write_text(
        "from manim import Scene\nclass Mine(Scene):\n    def construct(self):\n        self.wait()\n"
    )
    plan = planned(
        tmp_path, '[[job]]\nexperiment = "points.csv"\nseed = 1\n[[job]]\nscene = "mine.py:Mine"\nfps = 5'
    )
    training, video = plan.jobs
    assert training.experiment is not None
    assert training.experiment.dataset.points.shape == (4, 2)
    assert (training.name, video.name) == ("points", "Mine")
    assert video.target == f"{tmp_path}/mine.py:Mine"


def test_all_that_does_not_exist_or_apply_is_told_at_once(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        """\
        [[job]]
        experiment = ["spirls", "annulus", "unlink", "digits-softmax"]
        turns = 2
        grid.depth = [2, 3]
        [[job]]
        scene = ["spirals-seperate", "one-layer", "layers-in-motion", "filmstrip", "gone.py:Gone"]
        transparent = true
        seed = 3
        [[job]]
        experiment = "spirals"
        name = "{sed}"
        activation = "rellu"
        [[job]]
        figure = ["spirals-separate", "filmstripe"]
        at = "nonsense"
        figure_width = "narrow"
        font_size = 3
        [[job]]
        figure = "filmstrip"
        at = "end"
        grid = { theme = ["dark", "light"], greyscale = [true] }
        [[job]]
        experiment = "curves"
        scene = "one-layer"
        format = ["mp4", "webm"]
        """,
    )
    assert [line.partition("sweep.toml:")[2].partition(";")[0] for line in told] == [
        "2: job[1].experiment[1]: no experiment is called 'spirls'",
        "3: job[1].turns: the data of annulus are 'disc-in-annulus', which have no turns: leave them out",
        "3: job[1].turns: the data of digits-softmax are 'digits', which have no turns: leave them out",
        "4: job[1].grid.depth[1]: the layers of digits-softmax (64-60:relu-40:relu-2:linear) have no common "
        "width: give width, too",
        "4: job[1].grid.depth[1]: unlink is not trained and has no network to choose: leave it out",
        "4: job[1].grid.depth[2]: unlink is not trained and has no network to choose: leave it out",
        "6: job[2].scene[1]: no scene is called 'spirals-seperate'",
        "6: job[2].scene[3]: layers-in-motion shows any network",
        "6: job[2].scene[4]: filmstrip is a figure, not a scene: write figure = ...",
        "6: job[2].scene[5]: gone.py: no such file",
        "7: job[2].transparent: mp4 cannot carry transparency",
        "8: job[2].seed: one-layer shows no trained network",
        "11: job[3].name: the template '{sed}': no parameter is called 'sed'",
        "12: job[3].activation: no activation is called 'rellu'",
        "14: job[4].figure[2]: no figure or scene is called 'filmstripe'",
        "15: job[4].at: 'nonsense': write an instant as 12.5s, section:3, section:3/0.5, layer:2, "
        "layer:2/0.5, or end",
        "16: job[4].figure_width: no venue is called 'narrow'",
        "17: job[4].font_size: 3: nobody reads text below 6 pt",
        "20: job[5].at: filmstrip is a figure, not a scene",
        "21: job[5].grid.greyscale[1]: prints are on light paper",
        "23: job[6].experiment: one-layer shows no trained network",
        "25: job[6].format: a video has one",
    ]
    assert all("--" not in line for line in told)


def test_names_that_leave_the_folder_or_meet_are_told(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        """\
        [[job]]
        experiment = "curves"
        name = "../{seed}"
        [[job]]
        experiment = "curves"
        name = "/etc/{experiment}"
        [[job]]
        experiment = "curves"
        [[job]]
        experiment = "curves"
        width = 3
        [[job]]
        experiment = "curves"
        name = "Curves"
        [[job]]
        experiment = "curves"
        name = "w"
        grid.width = [2, 3]
        """,
    )
    assert [line.partition("; ")[0].partition(": give")[0] for line in told] == [
        "sweep.toml:3: job[1].name: the name '../0' may leave the output folder",
        "sweep.toml:6: job[2].name: the name '/etc/curves' may leave the output folder",
        "sweep.toml:9: job[4]: curves would be in the way of one of job[3]",
        "sweep.toml:14: job[5].name: Curves would be in the way of one of job[3]",
        "sweep.toml:17: job[6].name: w would be in the way of one of job[6]",
    ]


@pytest.mark.parametrize("sweep", ["grid = {seed = [S], width = [S]}", "list = {seed = [S, S]}\nturns = 1"])
def test_too_many_jobs_are_refused_before_they_are_made(tmp_path: Path, sweep: str) -> None:
    numbers = ",".join(map(str, range(1, 4001)))
    entry = f'[[job]]\nexperiment = "spirals"\n{sweep.replace("S", numbers)}\n'
    (only,) = problems(tmp_path, entry * 2)
    assert f", more than {MOST_JOBS}; make several manifests of it" in only


def test_the_same_manifest_gives_the_same_jobs(tmp_path: Path) -> None:
    text = '[[job]]\nfigure = "layers"\ngrid = {seed = [1, 2], theme = ["dark", "light"]}'
    assert planned(tmp_path, text).jobs == planned(tmp_path, text).jobs
