"""A canary for each name of Keras that is not its public interface.

One that fails says which name has changed; what it is used for stands beside it in
`keras_gans/engine/keras_internals.py`.
"""

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans.engine import keras_internals
from keras_gans.engine.scope import RecordingScope
from tests.engine.quadratic import Quadratic

BACKEND = keras.backend.backend()
PACKAGE = Path(keras_gans.__file__).parent
CHANGED = "Keras has changed "


def network():
    return keras.Sequential(
        [
            keras.Input((2,)),
            keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dropout(0.1)]),
            keras.layers.Dense(1),
        ]
    )


def compiled():
    model = network()
    model.compile("sgd", "mse", metrics=["mae"])
    return model


X, Y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")


def private_names(tree):
    """Names with one underscore that are read or set on something, and where they are defined."""
    used, defined = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            (defined if isinstance(node.ctx, ast.Store) else used).add(node.attr)
        if isinstance(node, ast.FunctionDef):
            defined.add(node.name)
    return {name for name in used if not name.startswith("__")}, defined


def test_no_other_module_uses_a_private_name_of_keras():
    trees = [
        ast.parse(path.read_text())
        for path in PACKAGE.rglob("*.py")
        if path.name != "keras_internals.py"
    ]
    defined = set().union(*(private_names(tree)[1] for tree in trees))
    of_others = {"_in_multi_worker_mode"}  # TensorFlow's.
    for tree in trees:
        assert private_names(tree)[0] <= defined | of_others
        modules = [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module]
        assert not [name for name in modules if name.startswith("keras.src")]


def test_no_other_class_overrides_a_private_method_of_keras():
    for info in pkgutil.walk_packages(keras_gans.__path__, "keras_gans."):
        if info.name.startswith(("keras_gans.serving", "keras_gans.engine.")) and (
            info.name.split(".")[-1] in {"jax", "torch", "tensorflow", "__main__"} - {BACKEND}
        ):
            continue
        for _, cls in inspect.getmembers(importlib.import_module(info.name), inspect.isclass):
            if not cls.__module__.startswith("keras_gans.") or cls.__module__.endswith("internals"):
                continue
            of_keras = [base for base in cls.__mro__ if base.__module__.startswith("keras.")]
            own = {name for name in vars(cls) if name.startswith("_") and name[1] != "_"}
            own -= {"_auto_config", "_abc_impl"} | {n for n in own if n.startswith("_api")}
            assert not [name for base in of_keras for name in own & set(vars(base))], cls


def test_layers_of():
    model = network()
    block, dense, dropout = model.layers[0], *model.layers[0].layers
    found = {id(layer) for layer in keras_internals.layers_of(model)}
    wanted = {id(layer) for layer in (model, block, dense, dropout, model.layers[1])}
    assert wanted <= found, CHANGED + "Layer._flatten_layers"


def test_own_variables():
    class Own(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = network()
            self.learned = self.add_weight((), name="learned")
            self.state = self.add_weight((), trainable=False, name="state")

    own = Own()
    found = [v.name for v in keras_internals.own_variables(own)]
    assert found == ["learned", "state"], CHANGED + "Layer._trainable_variables"


def test_random_states():
    (state,) = keras_internals.random_states(network())
    assert state.shape == (2,), CHANGED + "the name of the states of seed generators"


def test_what_fit_compiles_goes_through_the_trainer_s_methods():
    if BACKEND == "torch":
        pytest.skip("PyTorch's trainer calls `train_step` as it stands")
    seen = []

    class Model(keras_internals.TensorFlowTrainer, keras.Sequential):
        def distributed_step(self, step):
            seen.append(step.__name__)
            return step

        def _maybe_symbolic_build(self, *arguments, **keywords):
            seen.append("build")
            return super()._maybe_symbolic_build(*arguments, **keywords)

    if BACKEND == "jax":
        Model = keras.Sequential
    model = Model([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    if BACKEND == "jax":
        calls = []

        def step(state, data):
            calls.append((state, data))
            return {}, state

        function = keras_internals.looped(model, step)
        logs, state = function((1,), iter([(2,)]))
        assert (calls, logs, state) == ([((1,), (2,))], {}, (1,)), CHANGED + "_make_function"
        return
    model.fit(X, Y, verbose=0)
    assert "train_step" in seen, CHANGED + "TensorFlowTrainer._make_function"
    assert "build" in seen, CHANGED + "TensorFlowTrainer._maybe_symbolic_build"


def test_begin_fit_at():
    model = compiled()

    class Begin(keras.callbacks.Callback):
        epochs = ()

        def on_train_begin(self, logs=None):
            keras_internals.begin_fit_at(self.model, 2)

        def on_epoch_begin(self, epoch, logs=None):
            keras_internals.begin_fit_at(self.model, None)
            self.epochs += (epoch,)

    begin = Begin()
    model.fit(X, Y, epochs=4, verbose=0, callbacks=[begin])
    assert begin.epochs == (2, 3), CHANGED + "Trainer._initial_epoch"


def test_iterators_per_epoch():
    tensorflow = pytest.importorskip("tensorflow", reason="makes the data set")

    def shuffled():
        values = np.arange(1, 9, dtype="float32")[:, None]
        return tensorflow.data.Dataset.from_tensor_slices(values).shuffle(8, seed=1).batch(8)

    dataset, orders, seen = shuffled(), [], []
    every = keras_internals.iterators_per_epoch(dataset)
    for _ in range(3):
        orders.append(np.ravel(next(iter(dataset))).tolist())
        for _ in range(every - 1):
            iter(dataset)
    model = Quadratic()
    model.compile(run_eagerly=True)
    train_step = model.train_step

    def watched(data):
        seen.append(np.ravel(keras.ops.convert_to_numpy(model.images(data))).tolist())
        return train_step(data)

    object.__setattr__(model, "train_step", watched)
    object.__setattr__(
        model, "check_first_batch", lambda x, *_: (x, None)
    )  # It makes an iterator, too.
    model.fit(shuffled(), epochs=3, shuffle=False, verbose=0)
    assert seen == orders, CHANGED + "how many iterators `fit` makes of a tf.data.Dataset"


@pytest.mark.skipif(BACKEND != "jax", reason="the state is elsewhere on JAX only")
def test_bring_back_state():
    model = compiled()
    before, seen = model.get_weights(), []

    def look(*_, **__):
        keras_internals.bring_back_state(model)
        seen.append(model.get_weights())

    look_each_batch = keras.callbacks.LambdaCallback(on_train_batch_end=look)
    model.fit(X, Y, verbose=0, callbacks=[look_each_batch])
    assert any((a != b).any() for a, b in zip(before, seen[0], strict=True)), (
        CHANGED + "Trainer.jax_state_sync"
    )


def test_flat_logs():
    model = compiled()
    logs = model.evaluate(X, Y, verbose=0, return_dict=True)
    flat = keras_internals.flat_logs(model, logs)
    assert flat == list(logs.values()), CHANGED + "Trainer._flatten_metrics_in_order"


def test_fit_says_that_it_validates():
    seen = []

    class Model(keras.Sequential):
        def evaluate(self, *arguments, **keywords):
            seen.append(keras_internals.is_validation(keywords))
            return super().evaluate(*arguments, **keywords)

    model = Model([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.evaluate(X, Y, verbose=0)
    model.fit(X, Y, verbose=0, validation_data=(X, Y))
    assert seen == [False, True], CHANGED + "evaluate(_use_cached_eval_dataset=)"


@pytest.mark.parametrize(
    "callback",
    [
        keras.callbacks.EarlyStopping("loss"),
        keras.callbacks.ReduceLROnPlateau("loss"),
        keras.callbacks.ModelCheckpoint("best.keras"),
    ],
    ids=lambda callback: type(callback).__name__,
)
def test_callbacks_have_what_is_kept_of_them(callback):
    names = keras_internals.remembered(callback)
    if hasattr(callback, "stopped_epoch"):  # It has an epoch of its best from then on.
        callback.on_train_begin()
    missing = [name for name in names if not hasattr(callback, name)]
    assert names and not missing, CHANGED + f"{type(callback).__name__}: {missing}"


def test_disown_variables():
    optimizer = keras.optimizers.SGD()
    keras_internals.disown_variables(optimizer)
    assert optimizer.variables == [], CHANGED + "Optimizer._variables"
    assert optimizer.iterations is optimizer.learning_rate is None, (
        CHANGED + "Optimizer._iterations or Optimizer._learning_rate"
    )


def test_adam_slots():
    first, second = keras.Variable(np.ones(2)), keras.Variable(np.ones(3))
    optimizer = keras.optimizers.Adam(beta_1=0.5, beta_2=0.75)
    optimizer.apply([keras.ops.ones(2), 2 * keras.ops.ones(3)], [first, second])
    found = [keras.ops.convert_to_numpy(v) for v in keras_internals.adam_slots(optimizer, second)]
    np.testing.assert_allclose(found, [[1.0] * 3, [1.0] * 3], err_msg=CHANGED + "Adam's moments")


def test_steps_given_rate_and_its_replacement():
    schedule = keras.optimizers.schedules.ExponentialDecay(1.0, 1, 0.5)
    optimizer, variable = keras.optimizers.SGD(schedule), keras.Variable(np.zeros(1))
    optimizer.build([variable])
    assert keras_internals.given_rate(optimizer) is schedule, CHANGED + "Optimizer._learning_rate"
    keras_internals.replace_rate(optimizer, lambda stock: 3.0 * stock())
    for _ in range(2):
        optimizer.apply([keras.ops.ones(1)], [variable])
    steps = int(keras.ops.convert_to_numpy(keras_internals.steps_since_restart(optimizer)))
    assert steps == 2, CHANGED + "Optimizer._iterations"
    moved = keras.ops.convert_to_numpy(variable)
    np.testing.assert_allclose(
        moved, [-4.5], err_msg=CHANGED + "Optimizer._get_current_learning_rate"
    )


def test_the_iterator_of_fit_is_kept_and_counts_its_steps():
    class Model(keras_internals.KeepsIterator, keras.Sequential):
        """On TensorFlow it is the engine's half that calls the method."""

    if BACKEND == "tensorflow":

        class Model(
            keras_internals.TensorFlowTrainer, keras_internals.KeepsIterator, keras.Sequential
        ):
            """Both."""

    model = Model([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.optimizer.build(model.trainable_variables)  # Else Keras would, where this looks on.
    seen = []

    class Longer(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            keras_internals.set_steps(self.model.epoch_iterator, epoch + 1)

        def on_train_batch_begin(self, batch, logs=None):
            seen.append(batch)

    class Endless(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            return X, Y

    model.fit(Endless(), epochs=2, verbose=0, callbacks=[Longer()], shuffle=False)
    assert seen == [0, 0, 1], CHANGED + "Trainer._symbolic_build or EpochIterator._num_batches"


@pytest.mark.skipif(BACKEND != "tensorflow", reason="moments are mended on TensorFlow only")
@pytest.mark.parametrize(
    "layer", [keras.layers.BatchNormalization, keras.layers.LayerNormalization]
)
def test_normalizations_take_the_moments_that_are_replaced(layer, monkeypatch):
    nn = keras_internals.tensorflow_nn()
    monkeypatch.setattr(nn, "_compute_moments", nn._compute_moments)  # Put back afterwards.
    calls = []

    def moments(stock, x, axes, keepdims):
        calls.append(axes)
        return stock(x, axes, keepdims)

    keras_internals.replace_moments(moments)
    layer()(X, training=True)
    assert calls, CHANGED + f"where {layer.__name__} takes its moments: nn._compute_moments"


def test_current_scope():
    assert keras_internals.current_scope() is None
    with keras.StatelessScope() as scope:
        assert keras_internals.current_scope() is scope, CHANGED + "get_stateless_scope"


class Adds(keras.layers.Layer):
    def call(self, inputs):
        self.add_loss(keras.ops.sum(inputs))
        return inputs


def test_layer_that_adds_a_loss():
    adds, regularized = Adds(), keras.layers.Dense(1, activity_regularizer="l2")
    model = keras.Sequential([keras.Input((2,)), adds, regularized])
    with RecordingScope() as scope:
        model(X)
        model(X)
    layers = [layer for layer, _ in scope.layer_losses]
    assert layers == [adds, regularized] * 2, CHANGED + "Layer.add_loss"
    assert model.losses == [], CHANGED + "where a scope keeps the losses of layers"


def test_origin():
    images = keras.Input((2,))
    dense = keras.layers.Dense(1)
    tensor = keras.ops.sigmoid(dense(images))
    operation, (before,) = keras_internals.origin(tensor)
    assert type(operation).__name__ == "Sigmoid", CHANGED + "KerasTensor._keras_history"
    assert keras_internals.origin(before)[0] is dense, CHANGED + "Operation._inbound_nodes"
    assert keras_internals.origin(images)[1] == []
