from keras_gans.presets.dcgan import dcgan

__all__ = ["dcgan"]
