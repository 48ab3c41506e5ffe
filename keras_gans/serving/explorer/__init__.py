from keras_gans.serving.explorer.app import explorer_app
from keras_gans.serving.explorer.limits import Limits
from keras_gans.serving.explorer.served import load_served
from keras_gans.serving.explorer.server import serve

__all__ = ["Limits", "explorer_app", "load_served", "serve"]
