"""What a train step moves and what it leaves alone, and what `fit` says of it."""

import warnings

import keras
import numpy as np
import pytest

from tests.harness.arrays import assert_equal, changed, everything, put_back, state_of, weights_of

BACKEND = keras.backend.backend()


class Trains:
    def test_each_player_moves_only_itself(self, eager_model, monkeypatch):
        players = eager_model.players
        seen = []
        minimize = eager_model.minimize

        def watched(player, *arguments, **keywords):
            before = {name: state_of(weights_of(networks)) for name, networks in players.items()}
            kept = minimize(player, *arguments, **keywords)
            for name, networks in players.items():
                after = state_of(weights_of(networks))
                if name == player:
                    assert changed(before[name], after), f"{name} did not move"
                else:
                    assert_equal(before[name], after, f"{player} moved a weight of {name}")
            seen.append(player)
            return kept

        monkeypatch.setitem(vars(eager_model), "minimize", watched)
        self.fit(eager_model, n=4)
        assert tuple(dict.fromkeys(seen)) == tuple(players) == tuple(self.players)

    def test_the_logs_are_means_of_the_epoch(self, eager_model, monkeypatch):
        # Losses are observed outside of any differentiated function, where they have values.
        seen = {f"{player}_loss": [] for player in self.players}
        observe = eager_model.observe

        def watched(**values):
            for name, record in seen.items():
                if name in values:
                    record.append(float(keras.ops.stop_gradient(values[name])))
            observe(**values)

        monkeypatch.setitem(vars(eager_model), "observe", watched)
        history = self.fit(eager_model, n=8, epochs=2)
        for name, values in seen.items():
            by_epoch = np.reshape(values, (2, -1)).mean(axis=1)
            np.testing.assert_allclose(history[name], by_epoch, rtol=1e-5, atol=1e-6, err_msg=name)
            assert len(set(values)) == len(values), "the steps must differ for the mean to say much"
        assert set(history) == {*seen, "loss", *self.logs}
        assert history["loss"][0] == pytest.approx(sum(history[loss][0] for loss in seen), rel=1e-5)

    @pytest.mark.skipif(BACKEND == "torch", reason="PyTorch's Keras trainer has no such argument")
    def test_several_steps_per_execution_change_nothing(self, model):
        three = self.compiled(steps_per_execution=3)
        three.set_weights(model.get_weights())
        left, right = self.fit(model, n=12), self.fit(three, n=12)
        assert left.keys() == right.keys()
        for name in left:
            np.testing.assert_allclose(left[name], right[name], rtol=1e-4, atol=1e-6, err_msg=name)

    def test_any_batch_size_trains(self, model):
        for n, batch_size in ((10, 4), (1, 1), (3, 8)):
            history = self.fit(model, n=n, batch_size=batch_size)
            assert np.isfinite(history["loss"]).all(), (n, batch_size)

    def test_uint8_and_floats_are_the_same_images(self, eager_model):
        start = everything(eager_model)
        pixels = self.arrays(8)
        low, high = eager_model.samples.range
        scale = np.float32(255 / (high - low))
        floats = [x / scale + low if x.dtype == "uint8" else x for x in pixels]
        arguments = {"batch_size": 4, "verbose": 0, "shuffle": False}
        left = eager_model.fit(*pixels, **arguments).history
        put_back(eager_model, start)
        right = eager_model.fit(*floats, **arguments).history
        assert left["loss"] == pytest.approx(right["loss"], rel=1e-5)

    def test_sampling_and_evaluating_leave_training_as_it_was(self, model):
        start = everything(model)

        def look(*_):
            self.infer(model)
            self.evaluate(model)

        self.fit(model, epochs=2)
        alone = state_of(model.weights)
        put_back(model, start)
        watch = keras.callbacks.LambdaCallback(on_epoch_end=look)
        self.fit(model, epochs=2, validation_data=self.arrays(), callbacks=[watch])
        assert_equal(alone, state_of(model.weights))

    def test_evaluate_gives_the_same_every_time(self, model):
        self.fit(model)
        first = self.evaluate(model)
        assert set(first) == {*(f"{player}_loss" for player in self.players), "loss", *self.logs}
        assert first == self.evaluate(model)

    @pytest.fixture(scope="class")
    @classmethod
    def after_three_epochs(cls):
        """A model of its own, how often its step was traced, and its last learning rates."""
        keras.utils.set_random_seed(0)
        model = cls().compiled()
        traces = []
        train_step = model.train_step

        def counted(data):
            traces.append(1)
            return train_step(data)

        object.__setattr__(model, "train_step", counted)
        schedule = keras.callbacks.LearningRateScheduler(lambda epoch: 1e-4 / (epoch + 1))
        cls().fit(model, n=8, epochs=3, callbacks=[schedule])
        object.__delattr__(model, "train_step")
        rates = [float(optimizer.learning_rate) for optimizer in model.optimizer.optimizers]
        return model, len(traces), rates

    @pytest.mark.skipif(BACKEND == "torch", reason="PyTorch runs every step as Python")
    def test_one_trace_lasts_through_epochs_and_a_new_learning_rate(self, after_three_epochs):
        _, traces, rates = after_three_epochs
        assert traces == 1
        assert rates == pytest.approx([1e-4 / 3] * len(rates))

    def test_a_second_compile_starts_over_with_new_optimizers(self, after_three_epochs):
        model, *_ = after_three_epochs
        model(self.inputs())
        # Steps that were compiled for the old optimizers would not move the new ones' counters.
        model.compile(run_eagerly=True)
        assert int(model.optimizer.iterations) == 0
        self.fit(model, n=8)
        assert int(model.optimizer.iterations) == 2

    def test_a_frozen_part_stays_and_nothing_else_does(self):
        model = self.build()
        frozen = self.freeze(model)
        model.compile(run_eagerly=True)
        stay = {player: weights_of(layers) for player, layers in frozen.items()}
        move = {player: model.optimizer.moved_variables(player) for player in frozen}
        before = {player: (state_of(stay[player]), state_of(move[player])) for player in frozen}
        self.fit(model, n=8)
        for player, (stood, moved) in before.items():
            assert_equal(stood, state_of(stay[player]), f"a frozen layer of {player} moved")
            assert changed(moved, state_of(move[player])), f"{player} did not move"
            assert not any(layer.trainable for layer in frozen[player])

    def test_no_variable_is_without_an_owner(self):
        model = self.compiled()
        owned = {id(v) for optimizer in model.optimizer.optimizers for v in optimizer.variables}
        assert {id(v) for v in model.optimizer.variables} == owned
        moved = [v for player in model.players for v in model.optimizer.moved_variables(player)]
        assert {id(v) for v in moved} == {id(v) for v in model.trainable_variables}
        assert len(moved) == len(model.trainable_variables)

    def test_its_networks_bring_no_warning(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            self.compiled()

    def test_a_step_runs_without_the_compiler(self, model):
        if model.jit_compile:  # Elsewhere than on JAX "auto" is none, on a processor.
            model = self.compiled(jit_compile=False)
        assert not model.jit_compile
        assert np.isfinite(self.fit(model, n=4)["loss"]).all()


class RunsInXLA:
    """For two cases, which show it of all."""

    @pytest.mark.skipif(BACKEND == "torch", reason="torch.compile is not promised")
    def test_a_step_runs_with_the_compiler(self):
        model = self.compiled(jit_compile=True)
        assert np.isfinite(self.fit(model, n=4)["loss"]).all()
