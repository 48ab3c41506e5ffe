"""SparseCoding: dictionary learning as Olshausen and Field posed it in 1996."""

from typing import Any

import keras

from keras_gans.models.dictionary_model import DictionaryModel


@keras.saving.register_keras_serializable(package="keras_gans")
class SparseCoding(DictionaryModel):
    """Sparse coding: a dictionary D whose atoms, few at a time, sum up to samples.

    Olshausen and Field 1996, "Emergence of simple-cell receptive field properties by learning a
    sparse code for natural images", in the form of Mairal et al. 2010, arXiv:0908.0050, algorithm
    1, with a step down the gradient in place of that of past samples. For every training
    iteration:

        draw a minibatch of samples x
        sparse coding: z = argmin 0.5 ||x - D z||^2 + lambda ||z||_1, by FISTA
        update D by the gradient of 0.5 ||x - D z||^2 + lambda ||z||_1, each atom of length 1

    Args:
        dictionary: `keras.Model` from codes `(n, atoms)` to samples, linear and without bias, such
            as `keras_gans.networks.dictionary`.
        sparsity: Float >= 0, lambda. At the largest of |D x| all codes are zero.
        inference_steps: Integer >= 1, steps of FISTA.
        **options: `seed` and `name`, see `AdversarialModel`.

    Raises:
        ValueError: A number out of its range.

    Example:

    ```python
    model = SparseCoding(dictionary((144,), atoms=196), sparsity=1.0)
    model.compile()
    model.fit(patches, batch_size=256, epochs=10)  # Of keras_gans.data.whiten.
    codes = model.encode(patches)
    ```
    """

    def __init__(
        self,
        dictionary: keras.Model,
        sparsity: float = 0.1,
        inference_steps: int = 50,
        **options: Any,
    ):
        super().__init__(dictionary, sparsity, inference_steps, **options)
        self.track("dictionary_loss", "reconstruction", "sparsity", "active")

    @property
    def players(self):
        return {"dictionary": [self.dictionary]}

    def codes_of(self, samples):
        return self.inferred(samples, self.sparsity)

    def train_step(self, data):
        samples = self.images(data)
        codes = self.codes_of(samples)
        self.minimize("dictionary", lambda: self.terms(samples, codes))
        return self.logs()

    def terms(self, samples, codes, training=True):
        """The two terms of the loss, means over samples."""
        self.observe(active=self.share_of_active(codes))
        return {
            "reconstruction": 0.5 * self.squared_error(samples, codes, training),
            "sparsity": self.sparsity * self.absolute_codes(codes),
        }

    def test_step(self, data):
        samples = self.images(data)
        codes = self.codes_of(samples)
        self.observe_losses(dictionary=self.terms(samples, codes, training=False))
        self.update_scores(samples, self.dictionary(codes, training=False))
        return self.logs()
