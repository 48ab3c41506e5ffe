from keras_gans.callbacks.checkpoint import Checkpoint, CheckpointError
from keras_gans.callbacks.collapse_monitor import CollapseMonitor
from keras_gans.callbacks.sample_grid import SampleGrid, make_grid
from keras_gans.callbacks.score import Score

__all__ = ["Checkpoint", "CheckpointError", "CollapseMonitor", "SampleGrid", "Score", "make_grid"]
