from keras_gans.serving.saved_model import export_generator, export_translator

__all__ = ["export_generator", "export_translator"]
