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


def warn_of_last_activations(players):
    """Warn of scores that are probabilities, and of images that cannot be dark.

    Args:
        players: Dict from each player's name to its networks. Those of a discriminator or critic
            give scores; others that end in maps of 1, 3 or 4 channels make images in [-1, 1].
    """
    for player, networks in players.items():
        judges = "discriminator" in player or "critic" in player
        for network in networks:
            layer, activation = last_activation(network)
            if judges and activation in PROBABILITIES:
                problem = "losses take raw scores, which may be any number"
            elif not judges and activation in NEVER_NEGATIVE and makes_images(network):
                problem = "images are in [-1, 1], and it makes nothing below 0"
            else:
                continue
            last = "layer" if judges else "tanh, or in a layer"
            warnings.warn(
                f"{network.name} ends in a {activation} (layer {layer.name!r}), but {problem}. "
                f"Let it end in a {last} without activation.",
                stacklevel=3,
            )


def makes_images(network):
    return len(network.output_shape) == 4 and network.output_shape[-1] in (1, 3, 4)


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
