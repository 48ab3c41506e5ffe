from keras_gans.presets.acgan import acgan
from keras_gans.presets.ali import ali
from keras_gans.presets.autoencoder import (
    autoencoder,
    denoising_autoencoder,
    variational_autoencoder,
)
from keras_gans.presets.bigan import bigan
from keras_gans.presets.clustered_dcgan import clustered_dcgan
from keras_gans.presets.conditional_dcgan import conditional_dcgan
from keras_gans.presets.cyclegan import cyclegan
from keras_gans.presets.dcgan import dcgan
from keras_gans.presets.infogan import infogan
from keras_gans.presets.pix2pix import pix2pix
from keras_gans.presets.progressive_gan import progressive_gan, progressive_gan_small
from keras_gans.presets.projection_dcgan import projection_dcgan
from keras_gans.presets.semi_supervised_gan import semi_supervised_gan
from keras_gans.presets.srgan import esrgan, srgan

__all__ = [
    "acgan",
    "ali",
    "autoencoder",
    "bigan",
    "clustered_dcgan",
    "conditional_dcgan",
    "cyclegan",
    "dcgan",
    "denoising_autoencoder",
    "esrgan",
    "infogan",
    "pix2pix",
    "progressive_gan",
    "progressive_gan_small",
    "projection_dcgan",
    "semi_supervised_gan",
    "srgan",
    "variational_autoencoder",
]
