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
