from keras_gans.presets.acgan import acgan
from keras_gans.presets.adversarial import dragan, f_gan, lsgan, rsgan
from keras_gans.presets.ali import ali
from keras_gans.presets.autoencoder import (
    autoencoder,
    denoising_autoencoder,
    variational_autoencoder,
)
from keras_gans.presets.began import began
from keras_gans.presets.bigan import bigan
from keras_gans.presets.clustered_dcgan import clustered_dcgan
from keras_gans.presets.conditional_dcgan import conditional_dcgan
from keras_gans.presets.cyclegan import cyclegan
from keras_gans.presets.dcgan import dcgan
from keras_gans.presets.improved_gan import improved_gan
from keras_gans.presets.infogan import infogan
from keras_gans.presets.pacgan import pacgan
from keras_gans.presets.pix2pix import pix2pix
from keras_gans.presets.progressive_gan import progressive_gan, progressive_gan_small
from keras_gans.presets.projection_dcgan import projection_dcgan
from keras_gans.presets.r3gan import r3gan
from keras_gans.presets.semi_supervised_gan import semi_supervised_gan
from keras_gans.presets.sngan import sngan
from keras_gans.presets.srgan import esrgan, srgan
from keras_gans.presets.trained import card, load
from keras_gans.presets.unrolled_gan import unrolled_gan
from keras_gans.presets.veegan import veegan
from keras_gans.presets.wgan import wgan
from keras_gans.presets.wgan_gp import wgan_gp

__all__ = [
    "acgan",
    "ali",
    "autoencoder",
    "began",
    "bigan",
    "card",
    "clustered_dcgan",
    "conditional_dcgan",
    "cyclegan",
    "dcgan",
    "denoising_autoencoder",
    "dragan",
    "esrgan",
    "f_gan",
    "improved_gan",
    "infogan",
    "load",
    "lsgan",
    "pacgan",
    "pix2pix",
    "progressive_gan",
    "progressive_gan_small",
    "projection_dcgan",
    "r3gan",
    "rsgan",
    "semi_supervised_gan",
    "sngan",
    "srgan",
    "unrolled_gan",
    "variational_autoencoder",
    "veegan",
    "wgan",
    "wgan_gp",
]
