"""Generative adversarial networks on Keras 3: compile, fit, generate, evaluate, export."""

from keras_gans import (
    callbacks,
    data,
    latent_tools,
    latents,
    layers,
    losses,
    metrics,
    models,
    networks,
    presets,
    samples,
    schedules,
    serving,
)
from keras_gans.engine import AdversarialModel
from keras_gans.models import GAN, SRGAN, CycleGAN, Pix2Pix, ProgressiveGAN

__version__ = "0.1.0"

__all__ = [
    "GAN",
    "SRGAN",
    "AdversarialModel",
    "CycleGAN",
    "Pix2Pix",
    "ProgressiveGAN",
    "callbacks",
    "data",
    "latent_tools",
    "latents",
    "layers",
    "losses",
    "metrics",
    "models",
    "networks",
    "presets",
    "samples",
    "schedules",
    "serving",
]
