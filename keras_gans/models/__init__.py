from keras_gans.models.cyclegan import CycleGAN
from keras_gans.models.gan import GAN
from keras_gans.models.pix2pix import Pix2Pix

__all__ = ["GAN", "CycleGAN", "Pix2Pix"]
