"""All that a run is, as arrays: what a checkpoint holds."""

from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.engine.keras_internals import layers_of


def training_state(model):
    """Every weight, all optimizers and all random states of a compiled model.

    Returns:
        Dict from names to numpy arrays. The order of the variables counts, not what Keras calls
        them: it numbers the layers of a process.
    """
    state = {f"variable_{i:05d}": _native(v) for i, v in enumerate(_variables(model))}
    return state | backend.global_random_state(layers_of(model))


def restore_training_state(model, state):
    """Put back what `training_state` returned.

    Args:
        model: A model that was built and compiled as the state's was.
        state: Dict from names to numpy arrays.

    Raises:
        ValueError: The state is of another model; nothing was changed then.
    """
    variables = {f"variable_{i:05d}": v for i, v in enumerate(_variables(model))}
    held = {name: array for name, array in state.items() if name in variables}
    came = len([name for name in state if name.startswith("variable_")])
    if came != len(variables):
        raise ValueError(f"it holds {came} variables, this model has {len(variables)}")
    for name, variable in variables.items():
        if held[name].shape != tuple(variable.shape):
            raise ValueError(
                f"where {variable.path} has the shape {tuple(variable.shape)}, it holds "
                f"{held[name].shape}"
            )
    for name, variable in variables.items():
        variable.assign(held[name])
    rest = {name: array for name, array in state.items() if name not in variables}
    backend.set_global_random_state(rest)
    model.training_was_restored()


def epoch_means(model):
    """What the trackers of the logs have summed up in this epoch: dict of lists of floats."""
    return {
        metric.name: [float(ops.convert_to_numpy(v)) for v in metric.variables]
        for metric in model.trackers
    }


def restore_epoch_means(model, means):
    """Put back what `epoch_means` returned; `fit` sets them to zero as an epoch begins."""
    for metric in model.trackers:
        for variable, value in zip(metric.variables, means[metric.name], strict=True):
            variable.assign(value)


def _variables(model):
    of_metrics = {id(v) for v in model.metrics_variables}
    variables = [*model.variables, *model.optimizer.variables]
    return [v for v in variables if id(v) not in of_metrics]


def _native(variable):
    array = ops.convert_to_numpy(variable)
    # numpy's files know no bfloat16, which float32 holds exactly.
    return array.astype("float32") if array.dtype.name == "bfloat16" else array
