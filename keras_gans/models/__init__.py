from keras_gans.models.cyclegan import CycleGAN
from keras_gans.models.gan import GAN
from keras_gans.models.pix2pix import Pix2Pix
from keras_gans.models.progressive_gan import ProgressiveGAN
from keras_gans.models.srgan import SRGAN

__all__ = ["GAN", "SRGAN", "CycleGAN", "Pix2Pix", "ProgressiveGAN"]
