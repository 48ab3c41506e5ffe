"""The batches that the classifiers which ship were trained on."""

import keras
import numpy as np


class ShiftedAndFlipped(keras.utils.PyDataset):
    """Shuffled batches, each image a random window of a larger one, mirrored half of the time.

    Args:
        around: Float array `(n, height, width, channels)`, images with a margin.
        labels: Integers `(n,)` of ten classes.
        side: Integer, of the windows.
        batch_size: Integer.
        seed: Integer.
    """

    def __init__(self, around, labels, side, batch_size, seed=0):
        super().__init__()
        self.windows = np.lib.stride_tricks.sliding_window_view(around, (side, side), axis=(1, 2))
        self.labels = keras.utils.to_categorical(labels, 10)
        self.batch_size = batch_size
        self.rng = np.random.default_rng(seed)
        self.order = self.rng.permutation(len(labels))

    def __len__(self):
        return len(self.labels) // self.batch_size

    def __getitem__(self, index):
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        top, left = self.rng.integers(0, self.windows.shape[1], (2, len(chosen)))
        images = self.windows[chosen, top, left].transpose(0, 2, 3, 1)
        mirrored = self.rng.random(len(chosen)) < 0.5
        images[mirrored] = images[mirrored, :, ::-1]
        return images, self.labels[chosen]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.labels))
