from keras_gans.engine.adversarial_model import AdversarialModel, Forward
from keras_gans.engine.backend import input_gradient
from keras_gans.engine.latent_model import LatentModel
from keras_gans.engine.optimizers import PlayerOptimizers
from keras_gans.engine.translation_model import TranslationModel
from keras_gans.engine.translator import Translator

__all__ = [
    "AdversarialModel",
    "Forward",
    "LatentModel",
    "PlayerOptimizers",
    "TranslationModel",
    "Translator",
    "input_gradient",
]
