"""Pictures of rows of images."""

import numpy as np


def save_rows(rows, path, columns=12):
    """A picture of rows of images, each with what it shows at its left."""
    from keras_gans.callbacks.pictures import label_rows
    from keras_gans.samples.pictures import make_large_grid, save_png

    columns = min(columns, *map(len, rows.values()))
    grid = make_large_grid(np.concatenate([row[:columns] for row in rows.values()]), columns)
    save_png(label_rows(grid, [*rows]), path)
