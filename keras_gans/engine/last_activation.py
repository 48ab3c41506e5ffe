"""A warning where a network ends in an activation that does not fit its part."""

import warnings

import keras

from keras_gans.engine.keras_internals import origin

PROBABILITIES = {"sigmoid", "hardsigmoid", "logsigmoid", "softmax", "logsoftmax"}
NEVER_NEGATIVE = {"sigmoid", "hardsigmoid", "softmax", "relu", "relu6", "softplus", "exponential"}
PASSING = (
    keras.layers.Cropping2D,
    keras.layers.Flatten,
    keras.layers.GlobalAveragePooling2D,
    keras.layers.Identity,
    keras.layers.Permute,
    keras.layers.Reshape,
)


def warn_of_last_activations(players, samples):
    """Warn of scores that are probabilities, and of samples that do not fill their range.

    Args:
        players: Dict from each player's name to its networks. Those of a discriminator or critic
            give scores; others whose outputs have the shape of samples make samples.
        samples: The kind of samples, of `keras_gans.samples`.
    """
    for player, networks in players.items():
        for network in networks:
            layer, activation = last_activation(network)
            if activation is None:
                continue
            makes = not judges(player) and samples.fits(network.output_shape[1:])
            last = "layer"
            if judges(player) and activation in PROBABILITIES:
                problem = "losses take raw scores, which may be any number"
            elif makes and samples.range == (-1, 1) and activation in NEVER_NEGATIVE:
                problem = f"{samples.name} are in [-1, 1], and it makes nothing below 0"
                last = "tanh, or in a layer"
            elif makes and samples.range == (0, 1) and activation == "tanh":
                problem = f"{samples.name} are in [0, 1] inside the networks, and it reaches to -1"
                last = "sigmoid, or in a layer"
            else:
                continue
            warnings.warn(
                f"{network.name} ends in a {activation} (layer {layer.name!r}), but {problem}. "
                f"Let it end in a {last} without activation.",
                stacklevel=3,
            )


def judges(player):
    """Whether a player of that name gives scores."""
    return "discriminator" in player or "critic" in player


def last_activation(network):
    """The layer that gives a network's output its range, and its activation's name.

    Returns:
        Two `None` where it cannot be known: for networks of several outputs, and subclassed ones.
    """
    outputs = getattr(network, "outputs", None) or []
    if len(outputs) != 1:
        return None, None
    layer, inputs = origin(outputs[0])
    while inputs and passes(layer):
        layer, inputs = origin(inputs[0])
    if isinstance(layer, keras.Model):
        return last_activation(layer)
    return layer, name_of_activation(layer)


def passes(layer):
    """Whether a layer leaves the range of its input as it is."""
    linear = isinstance(layer, keras.layers.Activation) and name_of_activation(layer) == "linear"
    return linear or isinstance(layer, PASSING)


def name_of_activation(layer):
    if getattr(layer, "negative_slope", None):  # Of a ReLU that is leaky.
        return "leakyrelu"
    function = getattr(layer, "activation", None)
    name = type(layer).__name__ if function is None else getattr(function, "__name__", "")
    return name.lower().replace("_", "")
