from keras_gans.models.acgan import ACGAN
from keras_gans.models.autoencoder import Autoencoder
from keras_gans.models.began import BEGAN
from keras_gans.models.bigan import BiGAN
from keras_gans.models.cyclegan import CycleGAN
from keras_gans.models.denoising_autoencoder import DenoisingAutoencoder
from keras_gans.models.dictionary_model import DictionaryModel
from keras_gans.models.encoding_model import EncodingModel
from keras_gans.models.gan import GAN
from keras_gans.models.growing_model import GrowingModel
from keras_gans.models.infogan import InfoGAN
from keras_gans.models.latent_model import LatentModel
from keras_gans.models.pix2pix import Pix2Pix
from keras_gans.models.predictive_sparse_decomposition import PredictiveSparseDecomposition
from keras_gans.models.progressive_gan import ProgressiveGAN
from keras_gans.models.semi_supervised_gan import SemiSupervisedGAN
from keras_gans.models.sparse_coding import SparseCoding
from keras_gans.models.srgan import SRGAN
from keras_gans.models.translation_model import TranslationModel
from keras_gans.models.translator import Translator
from keras_gans.models.unrolled_gan import UnrolledGAN
from keras_gans.models.variational_autoencoder import VariationalAutoencoder
from keras_gans.models.veegan import VEEGAN
from keras_gans.models.wgan import WGAN

__all__ = [
    "ACGAN",
    "BEGAN",
    "GAN",
    "SRGAN",
    "VEEGAN",
    "WGAN",
    "Autoencoder",
    "BiGAN",
    "CycleGAN",
    "DenoisingAutoencoder",
    "DictionaryModel",
    "EncodingModel",
    "GrowingModel",
    "InfoGAN",
    "LatentModel",
    "Pix2Pix",
    "PredictiveSparseDecomposition",
    "ProgressiveGAN",
    "SemiSupervisedGAN",
    "SparseCoding",
    "TranslationModel",
    "Translator",
    "UnrolledGAN",
    "VariationalAutoencoder",
]
