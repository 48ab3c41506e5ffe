"""What generators start from: sources of latents, and how they are drawn."""

from keras_gans.latents.great_circle import great_circle
from keras_gans.latents.randomness import InStep, OnHost, host_seed
from keras_gans.latents.selection import DiscriminatorRejectionSampling, MetropolisHastings
from keras_gans.latents.sources import (
    Categorical,
    Normal,
    Source,
    Uniform,
    as_sources,
    dim_of,
    only_or_all,
)

__all__ = [
    "Categorical",
    "DiscriminatorRejectionSampling",
    "InStep",
    "MetropolisHastings",
    "Normal",
    "OnHost",
    "Source",
    "Uniform",
    "as_sources",
    "dim_of",
    "great_circle",
    "host_seed",
    "only_or_all",
]
