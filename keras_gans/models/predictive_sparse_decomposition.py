"""PredictiveSparseDecomposition: sparse coding with an encoder that predicts the codes."""

from typing import Any

import keras

from keras_gans import losses
from keras_gans.models.dictionary_model import DictionaryModel


@keras.saving.register_keras_serializable(package="keras_gans")
class PredictiveSparseDecomposition(DictionaryModel):
    """Predictive sparse decomposition, arXiv:1010.3467.

    Section 3, for every training iteration:

        draw a minibatch of samples x
        z = argmin ||x - D z||^2 + lambda ||z||_1 + alpha ||z - F(x)||^2, sought from F(x)
        update D and F by the gradient of the same at this z, each atom of length 1

    That z is found by FISTA. Inference is the encoder alone: one run of a network in place of a
    search.

    Args:
        encoder: `keras.Model` from samples to codes `(n, atoms)`, such as
            `keras_gans.networks.tanh_encoder`.
        dictionary: `keras.Model` from codes to samples, linear and without bias, such as
            `keras_gans.networks.dictionary`.
        sparsity: Float >= 0, lambda.
        prediction_weight: Float > 0, alpha.
        inference_steps: Integer >= 1, steps of FISTA.
        **options: `seed` and `name`, see `AdversarialModel`.

    Raises:
        ValueError: Networks that do not fit together, or a number out of its range.

    Example:

    ```python
    model = PredictiveSparseDecomposition(
        tanh_encoder((144,), atoms=196), dictionary((144,), atoms=196), sparsity=2.0
    )
    model.compile()
    model.fit(patches, batch_size=256, epochs=10)  # Of keras_gans.data.whiten.
    codes = model.encode(patches)
    ```
    """

    def __init__(
        self,
        encoder: keras.Model,
        dictionary: keras.Model,
        sparsity: float = 0.2,
        prediction_weight: float = 1.0,
        inference_steps: int = 50,
        **options: Any,
    ):
        super().__init__(dictionary, sparsity, inference_steps, **options)
        if not prediction_weight > 0:
            raise ValueError(
                "prediction_weight is what draws codes to their prediction, a number above 0; it "
                f"was {prediction_weight!r}. Without it the model is SparseCoding."
            )
        ends = (encoder.input_shape[1:], encoder.output_shape[1:])
        if ends != (self.image_shape, (self.num_atoms,)):
            raise ValueError(
                f"The dictionary makes {self.image_shape} of {(self.num_atoms,)}; the encoder has "
                f"to go back, and it makes {ends[1]} of {ends[0]}."
            )
        self.encoder = encoder
        self.prediction_weight = prediction_weight
        self.track("dictionary_loss", "encoder_loss", "reconstruction", "sparsity", "active")

    @property
    def players(self):
        return {"dictionary": [self.dictionary], "encoder": [self.encoder]}

    def codes_of(self, samples):
        return self.encoder(samples, training=False)

    def best_codes(self, samples, prediction):
        """The codes that the loss of this very batch is smallest at."""
        # FISTA minimizes half of the paper's loss.
        return self.inferred(samples, self.sparsity / 2, prediction, self.prediction_weight)

    def train_step(self, data):
        samples = self.images(data)
        predicted = self.forward_once("encoder", lambda: self.encoder(samples, training=True))
        codes = self.best_codes(samples, predicted.output)
        self.minimize("dictionary", lambda: self.dictionary_terms(samples, codes))
        self.minimize("encoder", lambda z: self.encoder_loss(codes, z), through=predicted)
        return self.logs()

    def dictionary_terms(self, samples, codes, training=True):
        """The terms of the loss that the encoder has no part in, means over samples."""
        self.observe(active=self.share_of_active(codes))
        return {
            "reconstruction": self.squared_error(samples, codes, training),
            "sparsity": self.sparsity * self.absolute_codes(codes),
        }

    def encoder_loss(self, codes, predicted):
        """The third term: alpha ||z - F(x)||^2, the mean over samples."""
        return self.prediction_weight * losses.squared_error(codes, predicted)

    def test_step(self, data):
        samples = self.images(data)
        predicted = self.codes_of(samples)
        codes = self.best_codes(samples, predicted)
        self.observe_losses(
            dictionary=self.dictionary_terms(samples, codes, training=False),
            encoder=self.encoder_loss(codes, predicted),
        )
        self.update_scores(samples, self.dictionary(predicted, training=False))
        return self.logs()
