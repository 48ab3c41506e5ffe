"""What a network takes is said by the names of its inputs."""

import dataclasses

import keras

from keras_gans.specs import Spec

# What the layers and operations of Keras call the number of classes that they tell apart.
CLASSES = {"Embedding": "input_dim", "CategoryEncoding": "num_tokens", "OneHot": "num_classes"}


def inputs_of(network):
    """Dict from the names of a network's inputs to their symbolic tensors.

    Args:
        network: A functional or sequential `keras.Model`; or another one, whose one input has no
            name unless it states `inputs`.
    """
    return {tensor.name: tensor for tensor in getattr(network, "inputs", None) or ()}


def run(network, main, conditions, **arguments):
    """Call a network with what it is for, and with the conditions that its inputs are named after.

    Args:
        network: `keras.Model`.
        main: See `structure_for`.
        conditions: Likewise.
        **arguments: Those of the call, such as `training`.

    Returns:
        What the network returns.
    """
    return network(structure_for(network, main, conditions), **arguments)


def structure_for(network, main, conditions):
    """What a network is called with: a tensor, or the list or dict that its inputs stand in.

    Args:
        network: `keras.Model`.
        main: The tensor that a network with one input takes, and one with several under the name
            that no condition has; or a dict of tensors by the names of inputs.
        conditions: Dict from names to tensors.
    """
    named = inputs_of(network)
    if len(named) < 2:
        if isinstance(main, dict):
            (main,) = main.values()
        return main
    if not isinstance(main, dict):
        (name,) = named.keys() - conditions.keys()
        main = {name: main}
    tensors = {**conditions, **main}
    structure = getattr(network, "input", None)
    if isinstance(structure, dict):
        return {key: tensors[tensor.name] for key, tensor in structure.items()}
    return [tensors[name] for name in named]


def main_shape(network, names, role):
    """Shape, without the batch, of the input that a network takes beside its conditions.

    Args:
        network: `keras.Model`.
        names: What that input may be called where there are several.
        role: What a sentence calls the network.

    Raises:
        ValueError: Several inputs, none of which has such a name.
    """
    named = inputs_of(network)
    if len(named) < 2:
        return tuple(network.input_shape[1:])
    found = [name for name in names if name in named]
    if not found:
        raise ValueError(
            f"The inputs of the {role} are named {', '.join(named)}, which says what it takes; "
            f"none is {' or '.join(names)}. Name it by keras.Input(..., name={names[0]!r})."
        )
    return tuple(named[found[0]].shape[1:])


def conditions_of(networks, drawn_or_made):
    """What networks read beside what they are for: a dict from names to `Spec`s.

    Args:
        networks: List of `keras.Model`s.
        drawn_or_made: Names of inputs that are no conditions.

    Raises:
        ValueError: Networks that take a condition of one name in two forms.
    """
    conditions, readers = {}, {}
    for network in networks:
        named = inputs_of(network)
        for name, tensor in named.items() if len(named) > 1 else ():
            if name in drawn_or_made:
                continue
            spec = spec_of(tensor, network)
            known, reader = conditions.setdefault(name, spec), readers.setdefault(name, network)
            alike = (known.kind, known.shape) == (spec.kind, spec.shape)
            if alike and None in (known.high, spec.high):
                # One of the two does not tell how many classes it knows.
                spec = known = dataclasses.replace(known, high=known.high or spec.high)
                conditions[name] = spec
            if known != spec:
                raise ValueError(
                    f"{name!r} is {described(known)} to {reader.name}, and {described(spec)} to "
                    f"{network.name}: build both for the same."
                )
    return conditions


def spec_of(tensor, network):
    """The `Spec` of a condition, from the input that takes it."""
    shape, dtype = tuple(tensor.shape[1:]), keras.backend.standardize_dtype(tensor.dtype)
    if "int" in dtype:
        classes = classes_of(tensor, network)
        return Spec("labels", shape, "int32", 0, None if classes is None else classes - 1)
    kind = "images" if len(shape) == 3 else "vector"
    return Spec(kind, shape, "uint8" if kind == "images" else "float32")


def classes_of(tensor, network):
    """How many classes the layer knows that an input of ids goes to; `None` where none tells."""
    for operation in getattr(network, "operations", ()):
        attribute = CLASSES.get(type(operation).__name__)
        if attribute and any(tensor is taken for taken in keras.tree.flatten(operation.input)):
            return getattr(operation, attribute)
    return None


def described(spec):
    classes = f" from 0 to {spec.high}" if spec.high is not None else ""
    return f"{spec.dtype}{classes} of shape {('n', *spec.shape)}"
