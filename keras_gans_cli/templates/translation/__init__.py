"""MyGAN, written with keras_gans."""

from .model import MyGAN
from .preset import my_gan

__all__ = ["MyGAN", "my_gan"]
