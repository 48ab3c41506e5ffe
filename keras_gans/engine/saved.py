"""What `.keras` files and weights files carry of a model, and how it is made from them."""

import inspect

import keras

from keras_gans.engine.backend import backend
from keras_gans.engine.keras_internals import layers_of, own_variables, random_states


class Saved:
    """The configuration, the compilation and the variables that a model's files hold."""

    def save(self, filepath, *arguments, **options):
        """Write the whole model to a `.keras` file, as `keras.Model.save`.

        Args:
            filepath: Path that ends in `.keras`.
            *arguments: As in `keras.Model.save`.
            **options: Likewise.

        Raises:
            ValueError: A path of Keras's older format, from which the model could not be loaded.
        """
        if str(filepath).endswith((".h5", ".hdf5")):
            raise ValueError(
                f"{filepath} would be a file of an older format, from which Keras cannot load a "
                "model of several networks. Save to a path that ends in `.keras`, or the weights "
                "alone by `save_weights` to one that ends in `.weights.h5`."
            )
        super().save(filepath, *arguments, **options)

    def get_config(self, **kept_otherwise):
        """The arguments of the constructor, networks and losses serialized.

        They are the attributes of their names. A model that keeps some under another name extends
        it: `return super().get_config(fade_images=self.growth.fade_images)`.

        Args:
            **kept_otherwise: Arguments of the constructor that are no such attributes.

        Raises:
            AttributeError: An argument that is kept nowhere.
        """
        config = {}
        for name in constructor_arguments(type(self)):
            if name not in kept_otherwise and not hasattr(self, name):
                raise AttributeError(
                    f"{type(self).__name__} keeps no attribute {name!r}, as its constructor takes, "
                    f"and its files would not hold it. Keep it, or extend `get_config`."
                )
            value = kept_otherwise.get(name, getattr(self, name, None))
            parts = value.values() if isinstance(value, dict) else [value]
            serializable = any(hasattr(part, "get_config") for part in parts)
            config[name] = keras.saving.serialize_keras_object(value) if serializable else value
        # No argument: the data of `fit` say it.
        return {**config, **({"class_names": self.class_names} if self.class_names else {})}

    @classmethod
    def from_config(cls, config):
        """A model from its `get_config()`, in which the networks are serialized."""
        deserialize = keras.saving.deserialize_keras_object
        objects = {n: deserialize(v) for n, v in config.items() if isinstance(v, (dict, list))}
        config = {**config, **objects}
        class_names = config.pop("class_names", None)
        model = super().from_config(config)
        model.class_names = class_names and tuple(class_names)
        return model

    def get_compile_config(self):
        if not self.compiled:
            return {}
        arguments = {**self._compilation.arguments}
        arguments |= {
            f"{player}_optimizer": getattr(self.optimizer, player) for player in self.players
        }
        return keras.saving.serialize_keras_object(arguments)

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))

    def save_own_variables(self, store):
        for name, variable in self._own_state().items():
            store[name] = keras.ops.convert_to_numpy(variable)
        for name, state in backend.global_random_state(layers_of(self)).items():
            store[name] = state

    def load_own_variables(self, store):
        held = set(store.keys())
        for name, variable in self._own_state().items():
            if name not in held:
                raise ValueError(
                    f"The file holds no {name!r} of {type(self).__name__}: it was written by "
                    "another model or version. Build the model as the file's was."
                )
            variable.assign(store[name])
        global_states = backend.global_random_state(layers_of(self))
        backend.set_global_random_state({n: store[n] for n in global_states if n in held})
        self.state_was_loaded()

    def state_was_loaded(self):
        """Called when the model's own variables hold what a file held."""

    def training_was_restored(self):
        """Called when all variables, those of the optimizers too, hold what a checkpoint held."""

    def _own_state(self):
        """Variables of the model itself, and every random state in it: Keras saves none."""
        return {
            **{f"variable_{i}": v for i, v in enumerate(own_variables(self))},
            **{f"random_state_{i}": v for i, v in enumerate(random_states(self))},
        }


def constructor_arguments(cls):
    """Names of the arguments of a class, those that `**arguments` passes on among them."""
    names = []
    for base in cls.__mro__:
        if "__init__" not in vars(base):
            continue
        parameters = list(inspect.signature(base.__init__).parameters.values())[1:]
        names += [p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
        if all(p.kind is not p.VAR_KEYWORD for p in parameters):
            break
    return list(dict.fromkeys(names))
