"""The backend's half of the engine, chosen once."""

import importlib

import keras

SUPPORTED = ("tensorflow", "jax", "torch")

if keras.backend.backend() not in SUPPORTED:
    raise ImportError(
        f"keras_gans trains on the backends {', '.join(SUPPORTED)}; Keras runs on "
        f"{keras.backend.backend()!r}. Set the environment variable KERAS_BACKEND to one of them "
        "before Keras is imported."
    )

backend = importlib.import_module(f"keras_gans.engine.{keras.backend.backend()}")
input_gradient = backend.input_gradient
