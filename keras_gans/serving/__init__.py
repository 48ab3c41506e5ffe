from keras_gans.serving.saved_model import export_generator

__all__ = ["export_generator"]
