from keras_gans.callbacks.checkpoint import Checkpoint
from keras_gans.callbacks.sample_grid import SampleGrid
from keras_gans.callbacks.score import Score

__all__ = ["Checkpoint", "SampleGrid", "Score"]
