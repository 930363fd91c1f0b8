"""What a manifest may say: its tables, keys and the kinds of their values."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from batch.lines import Path
from topo_core.spec import MAX_LAYERS, MAX_WIDTH

#: The most values of one parameter of a sweep.
MOST_VALUES = 10_000


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Text = Annotated[str, Field(min_length=1, max_length=500)]
_Names = Annotated[list[_Text], BeforeValidator(_as_list), Field(min_length=1, max_length=1000)]
_Format = Literal["mp4", "webm", "gif", "mov", "pdf", "svg", "eps", "png"]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class Parameters(_Strict):
    """What a job may choose; what it does not is as for the command that makes one.

    ``width``, ``depth`` and ``activation`` are those of all hidden layers, or ``network`` gives each.
    """

    # training
    width: Annotated[int, Field(ge=1, le=MAX_WIDTH)] | None = None
    depth: Annotated[int, Field(ge=0, le=MAX_LAYERS)] | None = None
    activation: _Text | None = None
    network: _Text | None = None
    turns: Annotated[float, Field(gt=0)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    restarts: Annotated[int, Field(ge=1, le=4096)] | None = None
    steps: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    # videos and figures
    theme: Literal["dark", "light"] | None = None
    format: _Format | None = None
    transparent: bool | None = None
    # videos
    quality: Literal["l", "m", "h", "k"] | None = None
    fps: Annotated[int, Field(ge=1, le=120)] | None = None
    split: bool | None = None
    # figures
    at: _Text | None = None
    figure_width: _Text | None = None
    font_size: Annotated[float, Field(gt=0)] | None = None
    greyscale: bool | None = None
    dpi: Annotated[int, Field(ge=1, le=10_000)] | None = None


#: Which parameters are of the training, of a video, and of a figure.
TRAINING = ("width", "depth", "activation", "network", "turns", "seed", "restarts", "steps")
OF_KIND = {
    "train": (),
    "video": ("theme", "format", "transparent", "quality", "fps", "split"),
    "figure": ("theme", "format", "transparent", "at", "figure_width", "font_size", "greyscale", "dpi"),
}

_types: dict[str, Any] = {name: field.annotation for name, field in Parameters.model_fields.items()}


def _several(name: str) -> Any:
    several = Annotated[list[_types[name]], Field(min_length=1, max_length=MOST_VALUES)]  # type: ignore[valid-type]
    return (several | None, None)


_Columns: Any = create_model("_Columns", __base__=_Strict, **{name: _several(name) for name in _types})
_Formats = Annotated[list[_Format], BeforeValidator(_as_list), Field(min_length=1)]


class _Fixed(Parameters):
    format: _Formats | None = None  # type: ignore[assignment]


class JobTable(_Fixed):
    """A ``[[job]]``."""

    experiment: _Names | None = None
    scene: _Names | None = None
    figure: _Names | None = None
    name: _Text | None = None
    grid: _Columns | None = None
    rows: _Columns | None = Field(None, alias="list")


class ManifestTable(_Strict):
    """The whole document."""

    defaults: _Fixed = Field(default_factory=_Fixed)
    job: list[JobTable] = Field(min_length=1)


def known_keys(path: Path) -> tuple[str, ...]:
    """The keys that a table of a manifest may have, by its place."""
    if not path:
        return tuple(ManifestTable.model_fields)
    model = JobTable if len(path) == 2 else Parameters
    return tuple(field.alias or name for name, field in model.model_fields.items())
