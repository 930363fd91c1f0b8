"""A state is sampled at absolute instants: where it starts, where it ends, and how it gets there."""

from dataclasses import dataclass

import numpy as np
import pytest
from manim import Mobject, Scene, smooth

from scenes.kit.state import StateAnimation
from tests.scenes.pictures import played
from topo_core.errors import TopoError


@dataclass
class Levels:
    up: float = 0.0
    down: float = 1.0


class Meter(Mobject):
    def __init__(self) -> None:
        super().__init__()
        self.state = Levels()


def begun(*args: object, **options: object) -> StateAnimation:
    animation = StateAnimation(*args, **options)  # type: ignore[arg-type]
    animation.begin()
    return animation


def test_it_moves_smoothly_from_where_it_is() -> None:
    meter = Meter()
    meter.state.up = 2.0
    moving = begun(meter, {"up": 6.0})
    for alpha in (0.7, 0.0, 0.3, 1.0):  # in any order
        moving.interpolate(alpha)
        assert meter.state.up == pytest.approx(2 + 4 * smooth(alpha))
    assert meter.state.down == 1


def test_each_field_has_its_own_part_of_the_run() -> None:
    meter = Meter()
    moving = begun(meter, {"up": (1.0, 0.0, 0.5), "down": (0.0, 0.5, 1.0)}, steady=["up", "down"])
    seen = []
    for alpha in np.linspace(0, 1, 5):
        moving.interpolate(alpha)
        seen.append((meter.state.up, meter.state.down))
    assert seen == [(0, 1), (0.5, 1), (1, 1), (1, 0.5), (1, 0)]


def test_it_ends_exactly() -> None:
    meter = Meter()
    meter.state.up = 0.1
    moving = begun(meter, {"up": 0.3})
    moving.finish()
    assert meter.state.up == 0.3


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(TopoError, match="no 'left' to animate; it has down, up"):
        StateAnimation(Meter(), {"left": 1.0})


class Puts(Scene):
    def construct(self) -> None:
        self.meter = Meter()
        for end in (1.0, 2.0):
            self.play(StateAnimation(self.meter, {"up": end}), run_time=0.5)


def test_it_puts_its_mobject_on_the_scene_once_and_leaves_it_there() -> None:
    scene = played(Puts)
    assert scene.mobjects == [scene.meter]
    assert scene.meter.state.up == 2
