from keras_gans.callbacks.checkpoint import Checkpoint, CheckpointError
from keras_gans.callbacks.collapse_monitor import CollapseMonitor
from keras_gans.callbacks.growth_strip import GrowthStrip
from keras_gans.callbacks.sample_grid import SampleGrid
from keras_gans.callbacks.score import Score
from keras_gans.callbacks.score_early_stopping import ScoreEarlyStopping
from keras_gans.callbacks.translation_grid import TranslationGrid
from keras_gans.samples.pictures import make_grid

__all__ = [
    "Checkpoint",
    "CheckpointError",
    "CollapseMonitor",
    "GrowthStrip",
    "SampleGrid",
    "Score",
    "ScoreEarlyStopping",
    "TranslationGrid",
    "make_grid",
]
