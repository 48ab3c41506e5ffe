"""The promises, as classes that a case inherits from."""

from tests.harness.promises.averages import Averages
from tests.harness.promises.conditions import Conditions
from tests.harness.promises.exports import Exports
from tests.harness.promises.inference import Infers
from tests.harness.promises.precision import Precision
from tests.harness.promises.replicas import DrawsLatents, Replicates
from tests.harness.promises.resuming import Resumes
from tests.harness.promises.training import RunsInXLA, Trains


class Harness(Trains, Infers, Resumes, Replicates, Precision):
    """What every model promises."""

    def test_it_makes_the_promises_of_what_it_has(self):
        model = self.build()
        has = {
            Averages: getattr(model, "averaged_generator", None) is not None,
            Conditions: bool(model.conditions),
            DrawsLatents: hasattr(model, "draw_latents"),
        }
        for promise, wanted in has.items():
            assert isinstance(self, promise) == wanted, promise.__name__


__all__ = ["Averages", "Conditions", "DrawsLatents", "Exports", "Harness", "RunsInXLA"]
