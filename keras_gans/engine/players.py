"""What belongs to which player: variables, weights, and the terms of a loss."""

from keras import ops

from keras_gans.engine.keras_internals import layers_of


def as_terms(player, terms):
    """The terms of a loss as a dict of float32 scalars, with their sum as `<player>_loss`."""
    terms = dict(terms) if isinstance(terms, dict) else {f"{player}_loss": terms}
    terms = {name: ops.cast(term, "float32") for name, term in terms.items()}
    # Not `sum`: TensorFlow joins it with the sum of the epoch, in an order that changes by chance.
    return {**terms, f"{player}_loss": ops.sum(ops.stack([*terms.values()]))}


def without_gaps(grads, variables, player):
    """Zeros where the loss does not depend on a variable; an error where on none of them."""
    if variables and all(g is None for g in grads):
        raise ValueError(
            f"The loss of {player!r} does not depend on any of the {len(variables)} variables "
            "it moves. Compute it inside the function given to `minimize`, from the output of "
            f"a network of {player!r}."
        )
    return [
        ops.zeros_like(v.value) if g is None else g for g, v in zip(grads, variables, strict=True)
    ]


def computes_in_float16(networks):
    """Whether a layer of the networks computes in float16, whatever the policy is by now."""
    layers = [layer for network in networks for layer in layers_of(network)]
    return any(layer.compute_dtype == "float16" for layer in layers)


def trainable_variables(players):
    return {
        player: [v for network in networks for v in network.trainable_variables]
        for player, networks in players.items()
    }


def foreign_weights(players):
    """For each player, the ids of the weights, statistics included, that only others own."""
    owned = {
        player: {id(v) for network in networks for v in network.weights}
        for player, networks in players.items()
    }
    return {
        player: frozenset().union(*(ids for other, ids in owned.items() if other != player)) - own
        for player, own in owned.items()
    }


def layers_by_id(players):
    """For each player, the ids of all layers in its networks."""
    return {
        player: {id(layer) for network in networks for layer in layers_of(network)}
        for player, networks in players.items()
    }
