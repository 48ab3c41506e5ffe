import sys
import types

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import PairedDataset, UnpairedDataset, paired, unpaired

SHAPE = (4, 4, 3)


def save(path, value, size=(8, 8), mode="L", **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, value).save(path, **options)


def save_halves(path, left, right, size=(8, 8)):
    """A file with two images of one grey each, side by side."""
    image = Image.new("L", (2 * size[0], size[1]), left)
    image.paste(right, (size[0], 0, 2 * size[0], size[1]))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)


@pytest.fixture
def folders(tmp_path):
    """Three pairs; the targets have other extensions and are brighter by 100."""
    sources, targets = tmp_path / "sources", tmp_path / "targets"
    for i, name in enumerate(["1.png", "2.PNG", "sub/1.bmp"]):
        save(sources / name, i)
        save((targets / name).with_suffix(".tif"), 100 + i)
    return sources, targets


@pytest.fixture
def halves(tmp_path):
    for i in range(3):
        save_halves(tmp_path / f"{i}.png", i, 100 + i)
    return tmp_path


@pytest.fixture
def tfds(monkeypatch):
    """A stand-in for tensorflow_datasets: a test puts examples into its splits."""
    module = types.ModuleType("tensorflow_datasets")
    module.splits = {}
    module.load = lambda name, split, shuffle_files, with_info: (module.splits[name, split], None)
    module.as_numpy = iter
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", module)
    return module


def values(dataset):
    """The grey of every image of both sides, in the order in which they were read."""
    return [array[:, 0, 0, 0].tolist() for array in dataset.arrays]


def test_partners_have_the_same_name_whatever_the_extension(folders):
    for sources, targets in (folders, [str(folder) for folder in folders]):
        dataset = paired(sources, targets, image_shape=SHAPE)
        assert isinstance(dataset, PairedDataset)
        assert values(dataset) == [[0, 1, 2], [100, 101, 102]]
        assert [array.shape for array in dataset.arrays] == [(3, *SHAPE)] * 2


def test_the_options_of_the_data_set_arrive(folders):
    dataset = paired(
        *folders, image_shape=SHAPE, batch_size=2, shuffle=False, seed=7, drop_remainder=True
    )
    assert len(dataset) == 1
    assert [side[:, 0, 0, 0].tolist() for side in dataset[0]] == [[0, 1], [100, 101]]
    assert dataset.seed == 7
    assert len(paired(*folders, image_shape=SHAPE)) == 3


def test_a_file_without_partner_is_named_with_the_folder_where_it_is_missing(folders):
    sources, targets = folders
    save(sources / "alone.png", 9)
    with pytest.raises(ValueError, match=r"there is none for alone\.png\.") as error:
        paired(sources, targets, image_shape=SHAPE)
    assert f"same name in {targets} for each one in {sources}" in str(error.value)
    save(targets / "alone.png", 9)
    save(targets / "sub" / "2.png", 9)
    with pytest.raises(ValueError, match=r"there is none for 2\.png\.") as error:
        paired(sources, targets, image_shape=SHAPE)
    assert f"same name in {sources} for each one in {targets}" in str(error.value)


def test_many_files_without_partner_are_counted(folders):
    for i in range(3, 10):
        save(folders[0] / f"{i}.png", 9)
    with pytest.raises(ValueError, match=r"for 3\.png, .*, 7\.png and 2 more\. Add"):
        paired(*folders, image_shape=SHAPE)


@pytest.mark.parametrize("broken", ["sources/2.PNG", "targets/2.tif"])
def test_a_damaged_file_is_named_and_skipped_with_its_partner(folders, tmp_path, broken):
    (tmp_path / broken).write_bytes(b"no image")
    with pytest.warns(UserWarning, match=r"Skipped 1 of 3 images .*: 2 \(") as record:
        dataset = paired(*folders, image_shape=SHAPE)
    assert len(record) == 1
    assert values(dataset) == [[0, 2], [100, 102]]


def test_partners_of_another_aspect_ratio_are_named_and_skipped(folders):
    save(folders[1] / "2.tif", 101, size=(8, 6))
    with pytest.warns(UserWarning, match=r"2 \(\(8, 8\) and \(8, 6\) pixels are no pair\)"):
        dataset = paired(*folders, image_shape=SHAPE)
    assert values(dataset) == [[0, 2], [100, 102]]


@pytest.mark.parametrize("size", [(80, 80), (78, 80), (4, 4)])
def test_partners_of_another_size_but_one_aspect_ratio_are_resized(folders, size):
    save(folders[1] / "2.tif", 101, size=size)
    assert values(paired(*folders, image_shape=SHAPE)) == [[0, 1, 2], [100, 101, 102]]


def test_the_aspect_ratio_is_that_of_the_upright_image(folders):
    sources, targets = folders
    turned = Image.Exif()
    turned[0x0112] = 6  # A camera that was held upright stores lying images.
    save(sources / "3.jpg", 3, size=(16, 8), exif=turned)
    save(targets / "3.png", 103, size=(8, 16))
    assert values(paired(sources, targets, image_shape=SHAPE))[1] == [100, 101, 103, 102]


def test_a_folder_without_one_pair_is_refused(tmp_path):
    for side in ("a", "b"):
        (tmp_path / side).mkdir()
    with pytest.raises(ValueError, match="at least one usable image"):
        paired(tmp_path / "a", tmp_path / "b", image_shape=SHAPE)
    save(tmp_path / "a" / "1.png", 1)
    with pytest.raises(FileNotFoundError, match="missing, but there is none"):
        paired(tmp_path / "a", tmp_path / "missing", image_shape=SHAPE)


def test_one_file_may_hold_both_images_side_by_side(halves):
    assert values(paired(halves, image_shape=SHAPE)) == [[0, 1, 2], [100, 101, 102]]
    right = paired(str(halves), image_shape=SHAPE, side="right")
    assert values(right) == [[100, 101, 102], [0, 1, 2]]


def test_each_half_is_cut_at_the_middle(tmp_path):
    save_halves(tmp_path / "a.png", 0, 200, size=(4, 4))
    sources, targets = paired(tmp_path, image_shape=(4, 4, 1)).arrays
    assert (sources == 0).all()
    assert (targets == 200).all()


def test_a_file_with_both_images_is_cut_upright(tmp_path):
    turned = Image.Exif()
    turned[0x0112] = 6
    save_halves(tmp_path / "a.png", 0, 200)
    with Image.open(tmp_path / "a.png") as upright:
        lying = upright.transpose(Image.Transpose.ROTATE_90)
    lying.save(tmp_path / "a.png", exif=turned)
    assert values(paired(tmp_path, image_shape=SHAPE)) == [[0], [200]]


def test_the_half_of_the_source_is_left_or_right(halves):
    with pytest.raises(ValueError, match=r'"left" or "right"; it was \'top\''):
        paired(halves, image_shape=SHAPE, side="top")


def test_a_file_of_odd_width_has_no_halves(halves):
    save(halves / "1.png", 9, size=(15, 8))
    with pytest.warns(UserWarning, match=r"1\.png \(15 pixels cannot be cut into two halves\)"):
        dataset = paired(halves, image_shape=SHAPE)
    assert values(dataset) == [[0, 2], [100, 102]]


def test_names_are_selected_before_partners_are_looked_for(folders):
    save(folders[0] / "alone.png", 9)
    dataset = paired(*folders, image_shape=SHAPE, select=lambda name: name in ("1", "sub/1"))
    assert values(dataset) == [[0, 2], [100, 102]]


def test_files_with_both_images_are_selected_by_their_name(halves):
    parts = [
        paired(halves, image_shape=SHAPE, select=lambda name: (name == "1") == held_out)
        for held_out in (False, True)
    ]
    assert [values(part) for part in parts] == [[[0, 2], [100, 102]], [[1], [101]]]


def test_jitter_loads_more_than_it_yields(folders, halves):
    for source in (folders, (halves,)):
        names = {"select": str.isdigit} if len(source) == 1 else {}
        dataset = paired(*source, image_shape=(256, 128, 3), jitter=True, **names)
        assert [array.shape[1:] for array in dataset.arrays] == [(286, 143, 3)] * 2
        assert [side.shape for side in dataset[0]] == [(1, 256, 128, 3)] * 2
        assert dataset.image_shape == (256, 128, 3)
        assert (dataset.crop, dataset.flip) == ((256, 128), True)


def test_without_jitter_nothing_is_cropped_or_mirrored(folders):
    dataset = paired(*folders, image_shape=SHAPE)
    assert (dataset.crop, dataset.flip) == (None, False)
    assert dataset[0][0].shape == (1, *SHAPE)


def test_the_targets_may_have_channels_of_their_own(folders, halves):
    for source in (folders, (halves,)):
        names = {"select": str.isdigit} if len(source) == 1 else {}
        dataset = paired(*source, image_shape=(4, 4, 1), target_channels=3, **names)
        assert [side.shape for side in dataset[0]] == [(1, 4, 4, 1), (1, 4, 4, 3)]


def test_both_images_lie_on_the_background(tmp_path):
    for side in ("a", "b"):
        save(tmp_path / side / "1.png", (0, 0, 0, 0), mode="RGBA")
    dataset = paired(tmp_path / "a", tmp_path / "b", image_shape=SHAPE, background=(1, 2, 3))
    save(tmp_path / "both" / "1.png", (0, 0, 0, 0), mode="RGBA", size=(16, 8))
    both = paired(tmp_path / "both", image_shape=SHAPE, background=(1, 2, 3))
    for array in (*dataset.arrays, *both.arrays):
        assert array[0, 2, 2].tolist() == [1, 2, 3]


def test_deep_pixels_further_pages_and_broken_exifs_are_read_as_elsewhere(tmp_path):
    deep = Image.fromarray(np.full((8, 16), 4095, "uint16"))
    for side in ("a", "b"):
        (tmp_path / side).mkdir()
        deep.save(tmp_path / side / "1.tif", save_all=True, append_images=[deep])
        exif = b"Exif\0\0M?\0*\0\0\0\x08"
        Image.new("L", (16, 8), 9).save(tmp_path / side / "2.png", exif=exif)
    for source in ((tmp_path / "a", tmp_path / "b"), (tmp_path / "a",)):
        with pytest.warns(UserWarning, match=r"first page .* of 2 images .*1\.tif \(2 pages\)"):
            dataset = paired(*source, image_shape=SHAPE, max_value=4095)
        assert values(dataset) == [[255, 9], [255, 9]]


def test_collections_may_come_from_tf_data_and_partners_may_not():
    tf = pytest.importorskip("tensorflow")
    source = tf.data.Dataset.from_tensor_slices(np.full((3, 8, 8, 3), 7, "uint8"))
    assert values(unpaired(source, source, image_shape=SHAPE)) == [[7] * 3] * 2
    with pytest.raises(TypeError, match="may shuffle them apart"):
        paired(source, source, image_shape=SHAPE)


def test_remote_folders_are_refused(tmp_path):
    for sides in (("gs://a", tmp_path), (tmp_path, "gs://a"), ("gs://a",)):
        with pytest.raises(ValueError, match="must lie on this machine"):
            paired(*sides, image_shape=SHAPE)


def test_each_side_has_the_memory_limit(folders):
    dataset = paired(*folders, image_shape=SHAPE, memory_limit=100)
    assert all(isinstance(array, np.memmap) for array in dataset.arrays)
    assert values(dataset) == [[0, 1, 2], [100, 101, 102]]


def test_arrays_are_resized_and_floats_keep_their_values():
    sources = np.arange(3, dtype="uint8").repeat(64).reshape(3, 8, 8)
    targets = np.linspace(-1, 1, 144, dtype="float32").reshape(3, *SHAPE)
    dataset = paired(sources, targets, image_shape=(4, 4, 1), target_channels=3)
    assert dataset.images.shape == (3, 4, 4, 1)
    assert dataset.images[:, 0, 0, 0].tolist() == [0, 1, 2]
    assert dataset.targets is targets


def test_arrays_of_unequal_length_are_refused():
    arrays = [np.zeros((n, *SHAPE), "uint8") for n in (3, 4)]
    with pytest.raises(ValueError, match="3 sources and 4 targets"):
        paired(*arrays, image_shape=SHAPE)


def test_a_tensorflow_data_set_has_source_and_target_under_two_keys(tfds):
    tfds.splits["pets", "train[:3]"] = [
        {"image": np.full((8, 8, 3), i, "uint8"), "mask": np.full((8, 8, 1), 100 + i, "uint8")}
        for i in range(3)
    ]
    options = {"image_shape": SHAPE, "target_channels": 1, "split": "train[:3]"}
    dataset = paired("tfds:pets", keys=("image", "mask"), **options)
    assert values(dataset) == [[0, 1, 2], [100, 101, 102]]
    assert [array.shape[3] for array in dataset.arrays] == [3, 1]
    with pytest.raises(ValueError, match=r'the key "depth", .* have \[\'image\', \'mask\'\]'):
        paired("tfds:pets", keys=("image", "depth"), **options)


@pytest.mark.parametrize("keys", [None, ("image",)])
def test_without_two_keys_a_tensorflow_data_set_has_no_pairs(tfds, keys):
    with pytest.raises(ValueError, match=r'Expected `keys` with "tfds:pets"'):
        paired("tfds:pets", image_shape=SHAPE, keys=keys)


def test_a_shape_that_is_none_is_refused_before_anything_is_read():
    for make in (paired, unpaired):
        with pytest.raises(ValueError, match=r"\(height, width, channels\)"):
            make("missing", "missing", image_shape=(4, 4))


def test_two_collections_need_no_partners(folders):
    save(folders[0] / "alone.png", 9)
    dataset = unpaired(*folders, image_shape=SHAPE, batch_size=2, seed=7)
    assert isinstance(dataset, UnpairedDataset)
    assert values(dataset) == [[0, 1, 9, 2], [100, 101, 102]]
    assert [side.shape for side in dataset[0]] == [(2, *SHAPE)] * 2
    assert dataset.seed == 7


def test_the_options_of_an_unpaired_data_set_arrive(folders):
    dataset = unpaired(
        *folders, image_shape=SHAPE, batch_size=2, shuffle=False, drop_remainder=True
    )
    assert len(dataset) == 1
    assert [side[:, 0, 0, 0].tolist() for side in dataset[0]] == [[0, 1], [100, 101]]
    assert len(unpaired(*folders, image_shape=SHAPE)) == 3


def test_both_collections_are_selected_by_name(folders):
    dataset = unpaired(*folders, image_shape=SHAPE, select=lambda name: name != "2")
    assert values(dataset) == [[0, 2], [100, 102]]


def test_jitter_of_collections_loads_more_than_it_yields(folders):
    dataset = unpaired(*folders, image_shape=(256, 128, 3), jitter=True)
    assert [array.shape[1:] for array in dataset.arrays] == [(286, 143, 3)] * 2
    assert [side.shape for side in dataset[0]] == [(1, 256, 128, 3)] * 2
    assert dataset.flip
    assert not unpaired(*folders, image_shape=SHAPE).flip


def test_the_second_collection_may_have_channels_of_its_own(folders):
    dataset = unpaired(*folders, image_shape=SHAPE, channels_b=1)
    assert [side.shape[3] for side in dataset[0]] == [3, 1]


def test_a_collection_may_be_an_array(folders):
    array = np.full((5, 8, 8, 3), 200, "uint8")
    dataset = unpaired(folders[0], array, image_shape=SHAPE)
    assert values(dataset) == [[0, 1, 2], [200] * 5]


def test_both_collections_have_background_and_memory_limit(tmp_path):
    for side in ("a", "b"):
        save(tmp_path / side / "1.png", (0, 0, 0, 0), mode="RGBA")
    options = {"image_shape": SHAPE, "background": (1, 2, 3), "memory_limit": 40}
    for array in unpaired(tmp_path / "a", tmp_path / "b", **options).arrays:
        assert array[0, 2, 2].tolist() == [1, 2, 3]
        assert isinstance(array, np.memmap)


def test_a_tensorflow_data_set_has_both_collections_in_two_splits(tfds):
    for first, part in enumerate(["train", "test"]):
        for side, n in (("A", 3), ("B", 2)):
            value = 10 * first + n
            tfds.splits["cycle_gan/x", part + side] = [
                {"image": np.full((8, 8, 3), value, "uint8"), "label": 0}
            ] * n
    dataset = unpaired("tfds:cycle_gan/x", image_shape=SHAPE)
    assert values(dataset) == [[3, 3, 3], [2, 2]]
    held_out = unpaired("tfds:cycle_gan/x", image_shape=SHAPE, splits=("testA", "testB"))
    assert values(held_out) == [[13, 13, 13], [12, 12]]


def test_one_collection_alone_is_refused(folders):
    for source in (folders[0], str(folders[0]), np.zeros((3, *SHAPE), "uint8")):
        with pytest.raises(ValueError, match=r"there is only one\. Pass `source_b`"):
            unpaired(source, image_shape=SHAPE)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"source": np.zeros((2, 8, 8, 3), "uint8")}, ValueError, "a `target` for an array"),
        ({"source": "folder", "target": np.zeros((2, 8, 8, 3))}, TypeError, "is a ndarray"),
        ({"source": "tfds:pets", "target": "folder"}, ValueError, "pass `keys`"),
        ({"source": "tfds:pets", "select": bool}, ValueError, "leave it out"),
    ],
)
def test_arguments_that_would_do_nothing_are_told(arguments, error, said):
    with pytest.raises(error, match=said):
        paired(**arguments, image_shape=(8, 8, 3))


def test_two_files_of_one_name_are_told(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        Image.new("RGB", (8, 8)).save(tmp_path / folder / "1.png")
    Image.new("RGB", (8, 8)).save(tmp_path / "a" / "1.jpg")
    with pytest.raises(ValueError, match=r"1\.jpg and 1\.png"):
        paired(tmp_path / "a", tmp_path / "b", image_shape=(8, 8, 3))
