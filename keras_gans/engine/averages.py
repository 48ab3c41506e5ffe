"""Averaged weights: a shadow of a network that follows its training slowly."""

import keras


def shadow_of(network):
    """A copy of `network` with the same weights that no optimizer moves.

    Args:
        network: A built functional or sequential `keras.Model`.

    Returns:
        A `keras.Model` of the same architecture.
    """
    shadow = keras.models.clone_model(network)
    shadow.set_weights(network.get_weights())
    shadow.trainable = False
    shadow.name = f"{network.name}_average"  # What `summary()` tells the two apart by.
    return shadow


def update_average(shadow, network, decay):
    """shadow <- decay * shadow + (1 - decay) * network; statistics are copied.

    Works inside a compiled train step.

    Args:
        shadow: What `shadow_of(network)` returned.
        network: The network that trains.
        decay: Float in [0, 1).
    """
    learned = {id(v) for v in network.trainable_variables}
    for average, variable in zip(shadow.weights, network.weights, strict=True):
        if id(variable) in learned:
            average.assign(average + (1.0 - decay) * (variable - average))
        else:
            average.assign(variable)
