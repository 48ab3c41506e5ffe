"""What every model must do, and the tiny models that it is tried on.

A case is a test class beside the other tests of its model, in `tests/models/`. It says how to
build the model and what it takes (`case.py`), and inherits from the promises that it makes
(`promises/`): all of `Harness`, and those of its traits.
"""

from tests.harness.arrays import (
    all_variables,
    assert_equal,
    changed,
    everything,
    images,
    images_for,
    labels,
    numpy_of,
    pairs_for,
    put_back,
    resident_megabytes,
    state_of,
    weights_of,
)
from tests.harness.case import Case, Encodes, FromLabels, FromLatents, Translates
from tests.harness.devices import two_replicas, without_chance
from tests.harness.models import (
    IMAGE_SHAPE,
    LATENT_DIM,
    coders,
    conditional_gan,
    cyclegan,
    dense_gan,
    gan,
    pix2pix,
    progressive_gan,
    srgan,
)
from tests.harness.promises import (
    Averages,
    Conditions,
    DrawsLatents,
    Exports,
    Harness,
    RunsInXLA,
)

__all__ = [
    "IMAGE_SHAPE",
    "LATENT_DIM",
    "Averages",
    "Case",
    "Conditions",
    "DrawsLatents",
    "Encodes",
    "Exports",
    "FromLabels",
    "FromLatents",
    "Harness",
    "RunsInXLA",
    "Translates",
    "all_variables",
    "assert_equal",
    "changed",
    "coders",
    "conditional_gan",
    "cyclegan",
    "dense_gan",
    "everything",
    "gan",
    "images",
    "images_for",
    "labels",
    "numpy_of",
    "pairs_for",
    "pix2pix",
    "progressive_gan",
    "put_back",
    "resident_megabytes",
    "srgan",
    "state_of",
    "two_replicas",
    "weights_of",
    "without_chance",
]
