"""Counting parameters as papers do."""

import numpy as np


def trainable(network):
    """Trainable parameters: without the statistics of normalizations."""
    return sum(int(np.prod(w.shape)) for w in network.trainable_weights)
