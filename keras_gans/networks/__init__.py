from keras_gans.networks.dcgan import dcgan_discriminator, dcgan_generator

__all__ = ["dcgan_discriminator", "dcgan_generator"]
