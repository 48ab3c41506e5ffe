from keras_gans.deprecation import deprecate
from keras_gans.engine.adversarial_model import AdversarialModel
from keras_gans.engine.backend import input_gradient
from keras_gans.engine.moves import Forward
from keras_gans.engine.optimizers import PlayerOptimizers

__all__ = [
    "AdversarialModel",
    "Forward",
    "PlayerOptimizers",
    "input_gradient",
]


def __getattr__(name):
    if name != "great_circle":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from keras_gans import latents

    old, new = f"{__name__}.{name}", f"{latents.__name__}.{name}"
    deprecate(old, since="0.2", removed_in="0.3", instead=new)
    return latents.great_circle
