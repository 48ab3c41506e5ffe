from keras_gans.presets.cyclegan import cyclegan
from keras_gans.presets.dcgan import dcgan
from keras_gans.presets.pix2pix import pix2pix

__all__ = ["cyclegan", "dcgan", "pix2pix"]
