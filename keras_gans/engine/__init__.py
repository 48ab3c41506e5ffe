from keras_gans.engine.adversarial_model import AdversarialModel, Forward
from keras_gans.engine.backend import input_gradient
from keras_gans.engine.latent_model import LatentModel
from keras_gans.engine.optimizers import PlayerOptimizers

__all__ = [
    "AdversarialModel",
    "Forward",
    "LatentModel",
    "PlayerOptimizers",
    "input_gradient",
]
