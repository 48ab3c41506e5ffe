from keras_gans.callbacks.checkpoint import Checkpoint
from keras_gans.callbacks.sample_grid import SampleGrid, make_grid
from keras_gans.callbacks.score import Score

__all__ = ["Checkpoint", "SampleGrid", "Score", "make_grid"]
