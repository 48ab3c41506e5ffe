"""For models with an average of their generator's weights."""

from tests.harness.arrays import assert_equal, changed, state_of


class Averages:
    """Its `build` gives an `ema_decay`."""

    averaged = "generator"  # The network that `infer` runs.

    def test_what_is_inferred_is_the_average_of_what_is_trained(self, model):
        average, trained = self.networks(model)
        before = state_of(average.weights)
        self.fit(model)
        assert changed(before, state_of(average.weights))
        made = [self.infer(model)]
        trained.set_weights([0 * weights for weights in trained.get_weights()])
        assert_equal(made, [self.infer(model)])
        average.set_weights(trained.get_weights())
        assert changed(made, [self.infer(model)])

    def test_no_player_moves_the_average(self, model):
        moved = {id(v) for player in model.players for v in model.optimizer.moved_variables(player)}
        assert not moved & {id(v) for v in self.networks(model)[0].weights}

    def networks(self, model):
        """The averaged network, and the one that is trained."""
        return getattr(model, f"averaged_{self.averaged}"), getattr(model, self.averaged)
