"""The engine on PyTorch: `torch.autograd.grad` on one player's variables."""

import contextlib
import contextvars

import keras
import numpy as np
import torch
from keras import ops

from keras_gans.engine.scope import RecordingScope

# Whether `keras.distribution` does anything on this backend.
KERAS_DISTRIBUTES = False


class TrainFunctions:
    """Nothing to add: the trainer of Keras calls `train_step(data)` as it stands."""


def gradients(loss_fn, variables):
    """`loss_fn() -> (scalar, aux)`: returns `aux` and d scalar / d variables."""
    loss, aux = loss_fn()
    if not variables:  # A player whose layers are all frozen: autograd refuses an empty list.
        return aux, []
    if not loss.requires_grad:  # It depends on nothing that learns: the engine says so.
        return aux, [None] * len(variables)
    # Only paths that lead to `variables` are walked: a frozen opponent gets no weight gradients.
    grads = torch.autograd.grad(
        loss,
        [v.value for v in variables],
        create_graph=_differentiates_twice.get(),
        allow_unused=True,
    )
    return aux, list(grads)


def gradient_at(loss_fn, tensors):
    """`loss_fn(*tensors) -> (scalar, aux)`: returns `aux` and d scalar / d each tensor."""
    tensors = [x.detach().requires_grad_() for x in tensors]
    loss, aux = loss_fn(*tensors)
    if not loss.requires_grad:
        return aux, [None] * len(tensors)
    return aux, list(torch.autograd.grad(loss, tensors, allow_unused=True))


def forward(network_fn, variables):
    """`network_fn() -> tensors`: returns them and the pull-back of their gradients."""
    outputs = network_fn()

    def pull_back(cotangents):
        values = [v.value for v in variables]
        if not values:
            return []
        pairs = zip(outputs, cotangents, strict=True)
        outs, cots = zip(*((x, c) for x, c in pairs if x.requires_grad), strict=True)
        return list(torch.autograd.grad(outs, values, cots, allow_unused=True))

    return [x.detach() for x in outputs], pull_back


def input_gradient(function, x):
    """d sum(function(x)) / d x, differentiable again; what `function` assigns is dropped."""
    differentiable = torch.is_grad_enabled()
    with RecordingScope(), torch.enable_grad():
        if not x.requires_grad:
            x = x.detach().requires_grad_()
        y = function(x)
        if not y.requires_grad:  # The function does not use its input.
            return torch.zeros_like(x)
        (gradient,) = torch.autograd.grad(
            y.sum(), x, create_graph=differentiable, materialize_grads=True
        )
    return gradient


_differentiates_twice = contextvars.ContextVar("differentiates_twice", default=False)


@contextlib.contextmanager
def differentiating_twice():
    """What `gradients` returns inside can be differentiated again, also in an evaluation."""
    token = _differentiates_twice.set(True)
    try:
        with torch.enable_grad():
            yield
    finally:
        _differentiates_twice.reset(token)


# The layers compute these from simpler operations.
fused_batch_norm = fused_instance_norm = None


def use_fused_update(optimizer):
    """Nothing to do: the update is fused already."""


def apply_gradients(optimizer, grads, variables, when=None):
    """Update the variables; where `when` does not hold, nothing changes."""
    with torch.no_grad():
        if when is None:
            return optimizer.apply(grads, variables)
        # Values are chosen on the device: asking for the condition would wait for it.
        state = [*variables, *optimizer.variables]
        before = [v.value.clone() for v in state]
        optimizer.apply(grads, variables)
        for variable, value in zip(state, before, strict=True):
            variable.assign(torch.where(when, variable.value, value))


def num_replicas():
    return 1


def replica_id():
    return 0


def devices():
    """The devices there are: a list of their names."""
    return [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())] or ["cpu"]


def num_devices(model):
    """One: Keras trains on one device."""
    return 1


def with_a_share(images):
    """The images, all of them."""
    return images


def of_side(images, side):
    """The images, whose size is known."""
    return images


def replica_mean(x):
    """The mean of `x`, which is the whole batch's."""
    return ops.mean(x)


def replica_sum(x):
    """`x`, which is the whole batch's."""
    return x


def fold_in_replica(seed):
    return seed


def strategy_scope(model):
    """The scope in which variables of `model` have to be created."""
    return contextlib.nullcontext()


def global_random_state(layers):
    """The states of PyTorch's own generators, where one of the layers draws from them.

    A stock `Dropout` without a seed does: its seed generator stays as it was.
    """
    if not any(_draws_from_the_global_generator(layer) for layer in layers):
        return {}
    states = {"torch_cpu_generator": torch.get_rng_state()}
    for i, state in enumerate(torch.cuda.get_rng_state_all()):
        states[f"torch_cuda_generator_{i}"] = state
    return {name: state.numpy() for name, state in states.items()}


def set_global_random_state(states):
    """Put back what `global_random_state` returned, on as many devices as there are now."""
    for name, state in states.items():
        device, _, number = name.removeprefix("torch_").partition("_generator")
        state = torch.from_numpy(np.array(state, "uint8"))
        if device == "cpu":
            torch.set_rng_state(state)
        elif int(number[1:]) < torch.cuda.device_count():
            torch.cuda.set_rng_state(state, int(number[1:]))


def _draws_from_the_global_generator(layer):
    generator = getattr(layer, "seed_generator", None)
    return isinstance(generator, keras.random.SeedGenerator) and (
        generator.get_config()["seed"] is None
    )


def before_inference(model):
    """Values are where the variables are: nothing to bring back."""
