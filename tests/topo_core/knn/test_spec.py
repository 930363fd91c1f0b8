"""Classifiers as text."""

import pytest

from topo_core.errors import SpecError
from topo_core.knn.spec import ClassifierSpec, ConvolutionalSpec
from topo_core.knn.weightings import Cosine, InverseDistance
from topo_core.spec import NetworkSpec


@pytest.mark.parametrize(
    "text",
    [
        "16c5-32c5-64 > 1/d^8",
        "8s3-2 > softmax",
        "64-32:relu-2:linear > cosine:0.2",
        "2 > student:1",
        "2-2-2 > gaussian",
    ],
)
def test_what_is_written_is_read(text: str) -> None:
    assert str(ClassifierSpec.parse(text)) == text


def test_what_it_says() -> None:
    spec = ClassifierSpec.parse("16c5-32s3-64>1/d^8")
    assert isinstance(spec.body, ConvolutionalSpec)
    assert [(c.channels, c.kernel, c.same) for c in spec.body.layers] == [(16, 5, False), (32, 3, True)]
    assert (spec.width, spec.readout, spec.body.side(28)) == (64, InverseDistance(8), 6)
    assert ClassifierSpec.parse("4-3").readout is None
    assert ClassifierSpec.parse("4-3:relu").body == NetworkSpec.parse("4-3:relu")
    assert ClassifierSpec.parse("4-3").with_readout("cosine").readout == Cosine(0.1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "network '' is empty"),
        ("2-2 >", "no readout after the '>'"),
        ("2-2 > softmx", r"^readout 'softmx': use one of softmax, 1/d,"),
        ("16c5-32c5", "convolutions, then one width"),
        ("16c5-64:relu", "convolutions, then one width"),
        ("64-16c5-64", "convolutions, then one width"),
        ("0c5-64", "give 1 to 1024 channels"),
        ("16s4-64", "a kernel that keeps the size has an odd side"),
        ("16c5-0", "and a width of 1 to 4096"),
        ("3-3:flow > 1/d", "flow layers are not trained here"),
        ("-".join(["1s1"] * 21) + "-5", "give at most 20 convolutions"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        ClassifierSpec.parse(text)


def test_an_image_too_small() -> None:
    body = ClassifierSpec.parse("16c5-32c5-64").body
    assert isinstance(body, ConvolutionalSpec)
    with pytest.raises(
        SpecError, match=r"after 32c5, nothing is left of an image of 8 by 8 pixels: pad it \(32s5\)"
    ):
        body.side(8)
