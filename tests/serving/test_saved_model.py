"""SavedModels, called without Keras."""

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.harness import arrays_for, cyclegan, dense_gan, gan, images_for, pix2pix

pytest.importorskip("tensorflow", reason="SavedModels are written by TensorFlow")

WITHOUT_KERAS = """
import sys
import numpy as np, tensorflow as tf
assert "keras_gans" not in sys.modules
loaded = tf.saved_model.load(sys.argv[1])
latents = np.load(sys.argv[2])
from_latents = loaded.signatures["from_latents"]
images = [from_latents(latents=tf.constant(latents[:n]))["images"].numpy() for n in (0, 1, 2, 7)]
generate = loaded.signatures["generate"]
def draw(seed):
    number, seed = tf.constant(3), tf.constant(seed, tf.int64)
    return generate(num_images=number, seed=seed)["images"].numpy()
np.savez(sys.argv[3], *images, draw(7), draw(7), draw(8))
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    model = gan(ema_decay=0.5)
    model.compile()
    model.fit(images_for(model), batch_size=4, verbose=0)
    latents = model.draw_latents(7, seed=1)
    np.save(folder / "latents.npy", latents)
    path = model.export(folder / "saved_model")
    return model, latents, path


def test_images_are_those_of_generate_for_any_batch(exported, tmp_path):
    model, latents, path = exported
    arguments = [str(path), str(path.parent / "latents.npy"), str(tmp_path / "images.npz")]
    subprocess.run([sys.executable, "-c", WITHOUT_KERAS, *arguments], check=True)
    *batches, first, again, other = np.load(tmp_path / "images.npz").values()
    for n, images in zip((0, 1, 2, 7), batches, strict=True):
        assert images.shape == (n, *model.image_shape)
        assert images.dtype == np.uint8
        expected = model.generate(latents=latents[:n]).astype(int)
        assert np.abs(expected - images).max(initial=0) <= 1
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def signatures(path):
    import tensorflow as tf

    return {
        name: (
            {key: (s.dtype, s.shape) for key, s in f.structured_input_signature[1].items()},
            {key: (s.dtype, s.shape.as_list()) for key, s in f.structured_outputs.items()},
        )
        for name, f in tf.saved_model.load(str(path)).signatures.items()
    }


def test_signatures_do_not_depend_on_what_was_built_before(exported, tmp_path):
    model, _, path = exported
    dense_gan(), gan()  # Names that Keras makes up count on.
    again = model.export(tmp_path / "again")
    assert signatures(path) == signatures(again)
    assert set(signatures(path)) == {"serving_default", "from_latents", "generate"}


def test_the_command_line_of_tensorflow_runs_it(exported, tmp_path):
    _, _, path = exported
    command = [str(Path(sys.executable).with_name("saved_model_cli")), "run"]
    command += ["--dir", str(path), "--tag_set", "serve", "--signature_def", "generate"]
    np.save(tmp_path / "two.npy", np.int32(2))
    np.save(tmp_path / "seven.npy", np.int64(7))
    command += ["--inputs", f"num_images={tmp_path}/two.npy;seed={tmp_path}/seven.npy"]
    command += ["--outdir", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    assert np.load(tmp_path / "images.npy").shape == (2, 16, 16, 1)


def test_only_the_generator_is_in_it(exported):
    import tensorflow as tf

    model, _, path = exported
    names = tf.train.list_variables(str(path / "variables" / "variables"))
    exported_values = sum(int(np.prod(shape)) for name, shape in names if "VARIABLE" in name)
    assert exported_values == model.generator.count_params()


def test_nothing_is_overwritten(exported):
    model, _, path = exported
    with pytest.raises(FileExistsError, match="is not overwritten"):
        model.export(path)
    assert [child.name for child in path.parent.iterdir() if child.name.startswith(".")] == []


def test_a_full_disk_is_an_oserror_and_leaves_nothing(exported, tmp_path):
    resource = pytest.importorskip("resource", reason="limits of processes are Unix's")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
        with pytest.raises(OSError, match="File too large"):
            exported[0].export(tmp_path / "never")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_points_are_refused():
    from tests.models.test_gan import linear_gan

    with pytest.raises(ValueError, match="no images"):
        linear_gan().export("never_written")


def test_a_saved_file_is_exported_by_a_command(tmp_path):
    gan().save(tmp_path / "model.keras")
    command = [sys.executable, "-m", "keras_gans.serving"]
    files = [str(tmp_path / "model.keras"), str(tmp_path / "saved_model")]
    subprocess.run([*command, *files], check=True)
    assert "generate" in signatures(files[1])
    again = subprocess.run([*command, *files], capture_output=True, text=True)
    assert again.returncode == 1
    assert "is not overwritten" in again.stderr.splitlines()[-1]


TRANSLATE = """
import sys
import numpy as np, tensorflow as tf
assert "keras_gans" not in sys.modules
loaded = tf.saved_model.load(sys.argv[1])
images = np.load(sys.argv[2])
outputs = {
    f"{name}_{n}": function(images=tf.constant(images[:n]))["images"].numpy()
    for name, function in loaded.signatures.items()
    if "seed" not in name
    for n in (1, 2, 7)
}
larger = loaded.signatures["serving_default"](images=tf.zeros((1, 12, 20, 1), tf.uint8))
if "source_to_target_from_seed" in loaded.signatures:
    draw = loaded.signatures["source_to_target_from_seed"]
    for i, seed in enumerate((7, 7, 8)):
        drawn = draw(images=tf.constant(images), seed=tf.constant(seed, tf.int64))
        outputs[f"seed_{i}"] = drawn["images"].numpy()
np.savez(sys.argv[3], larger=larger["images"].numpy(), **outputs)
"""


@pytest.mark.parametrize("build", [pix2pix, cyclegan])
def test_translators_run_on_any_batch_and_size_without_keras(build, tmp_path):
    model = build()
    sources = arrays_for(model, 7)[0]
    np.save(tmp_path / "images.npy", sources)
    path = model.export(tmp_path / "saved_model")
    arguments = [str(path), str(tmp_path / "images.npy"), str(tmp_path / "outputs.npz")]
    subprocess.run([sys.executable, "-c", TRANSLATE, *arguments], check=True)
    outputs = np.load(tmp_path / "outputs.npz")
    assert outputs["larger"].shape[1:3] == (12, 20)
    assert set(signatures(path)) >= {"serving_default", *model.generators}
    for direction in model.generators:
        for n in (1, 2, 7):
            images = outputs[f"{direction}_{n}"]
            assert images.dtype == np.uint8
            assert len(images) == n
            # The dropout of inference draws others on other backends.
            if keras.backend.backend() == "tensorflow" or not model.noise_at_inference:
                expected = model.translate(sources[:n], direction=direction).astype(int)
                assert np.abs(expected - images).max() <= 1
    if model.noise_at_inference:
        np.testing.assert_array_equal(outputs["seed_0"], outputs["seed_1"])
        assert (outputs["seed_0"] != outputs["seed_2"]).any()
