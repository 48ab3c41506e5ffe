from keras_gans.networks.acgan import acgan_discriminator
from keras_gans.networks.ali import ali_discriminator, ali_encoder, ali_generator
from keras_gans.networks.autoencoder import (
    convolutional_autoencoder,
    convolutional_variational_autoencoder,
    dense_autoencoder,
    dense_variational_autoencoder,
)
from keras_gans.networks.began import began_discriminator, began_generator
from keras_gans.networks.bigan import bigan_discriminator, bigan_encoder, bigan_generator
from keras_gans.networks.conditional_dcgan import (
    attribute_dcgan_discriminator,
    attribute_dcgan_generator,
    conditional_dcgan_discriminator,
    conditional_dcgan_generator,
)
from keras_gans.networks.cyclegan import resnet_generator
from keras_gans.networks.dcgan import dcgan_discriminator, dcgan_generator
from keras_gans.networks.embedding_dcgan import (
    embedding_dcgan_discriminator,
    embedding_dcgan_generator,
)
from keras_gans.networks.esrgan import rrdb_generator
from keras_gans.networks.improved_dcgan import (
    improved_dcgan_discriminator,
    improved_dcgan_generator,
)
from keras_gans.networks.improved_gan import (
    convolutional_classifier,
    improved_gan_classifier,
    improved_gan_generator,
)
from keras_gans.networks.inception import inception_keras
from keras_gans.networks.infogan import infogan_discriminator, infogan_generator
from keras_gans.networks.interpolation import interpolate
from keras_gans.networks.pacgan import pacgan_discriminator
from keras_gans.networks.pix2pix import patchgan_discriminator, unet_generator
from keras_gans.networks.progressive import progressive_discriminator, progressive_generator
from keras_gans.networks.projection_dcgan import (
    projection_dcgan_discriminator,
    projection_dcgan_generator,
)
from keras_gans.networks.r3gan import r3gan_discriminator, r3gan_generator
from keras_gans.networks.semantic_hashing import hashing_decoder, hashing_encoder
from keras_gans.networks.sngan import sngan_discriminator, sngan_generator
from keras_gans.networks.sparse_coding import dictionary, tanh_encoder
from keras_gans.networks.srgan import srgan_discriminator, srresnet
from keras_gans.networks.toys import (
    pacgan_toy_discriminator,
    pacgan_toy_generator,
    unrolled_toy_discriminator,
    unrolled_toy_generator,
    wgan_gp_toy_discriminator,
    wgan_gp_toy_generator,
)
from keras_gans.networks.veegan import veegan_toy_discriminator, veegan_toy_encoder
from keras_gans.networks.vgg import vgg19_features
from keras_gans.networks.wgan_gp import wgan_gp_discriminator, wgan_gp_generator

__all__ = [
    "acgan_discriminator",
    "ali_discriminator",
    "ali_encoder",
    "ali_generator",
    "attribute_dcgan_discriminator",
    "attribute_dcgan_generator",
    "began_discriminator",
    "began_generator",
    "bigan_discriminator",
    "bigan_encoder",
    "bigan_generator",
    "conditional_dcgan_discriminator",
    "conditional_dcgan_generator",
    "convolutional_autoencoder",
    "convolutional_classifier",
    "convolutional_variational_autoencoder",
    "dcgan_discriminator",
    "dcgan_generator",
    "dense_autoencoder",
    "dense_variational_autoencoder",
    "dictionary",
    "embedding_dcgan_discriminator",
    "embedding_dcgan_generator",
    "hashing_decoder",
    "hashing_encoder",
    "improved_dcgan_discriminator",
    "improved_dcgan_generator",
    "improved_gan_classifier",
    "improved_gan_generator",
    "inception_keras",
    "infogan_discriminator",
    "infogan_generator",
    "interpolate",
    "pacgan_discriminator",
    "pacgan_toy_discriminator",
    "pacgan_toy_generator",
    "patchgan_discriminator",
    "progressive_discriminator",
    "progressive_generator",
    "projection_dcgan_discriminator",
    "projection_dcgan_generator",
    "r3gan_discriminator",
    "r3gan_generator",
    "resnet_generator",
    "rrdb_generator",
    "sngan_discriminator",
    "sngan_generator",
    "srgan_discriminator",
    "srresnet",
    "tanh_encoder",
    "unet_generator",
    "unrolled_toy_discriminator",
    "unrolled_toy_generator",
    "veegan_toy_discriminator",
    "veegan_toy_encoder",
    "vgg19_features",
    "wgan_gp_discriminator",
    "wgan_gp_generator",
    "wgan_gp_toy_discriminator",
    "wgan_gp_toy_generator",
]
