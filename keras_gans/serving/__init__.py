from keras_gans.serving.export import export
from keras_gans.serving.publish import publish

__all__ = ["export", "publish"]
