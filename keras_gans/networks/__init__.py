from keras_gans.networks.cyclegan import resnet_generator
from keras_gans.networks.dcgan import dcgan_discriminator, dcgan_generator
from keras_gans.networks.pix2pix import patchgan_discriminator, unet_generator

__all__ = [
    "dcgan_discriminator",
    "dcgan_generator",
    "patchgan_discriminator",
    "resnet_generator",
    "unet_generator",
]
