from keras_gans.serving import client
from keras_gans.serving.export import export
from keras_gans.serving.publish import publish

__all__ = ["client", "export", "publish"]
