import numpy as np
import pytest

from keras_gans.data import ImageDataset, PairedDataset, UnpairedDataset

BOTH = pytest.mark.parametrize("kind", [PairedDataset, UnpairedDataset])


def located(n, first=0, size=(6, 6)):
    """Images whose pixels say which image they belong to, which row and which column."""
    axes = np.arange(first, first + n), np.arange(size[0]), np.arange(size[1])
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).astype("uint8")


def places(batch):
    """Per image its number, the top and the left of its crop, and whether it is mirrored."""
    number, top = batch[:, 0, 0, 0], batch[:, 0, 0, 1]
    return number, top, batch[:, 0, :, 2].min(axis=1), batch[:, 0, 0, 2] > batch[:, 0, -1, 2]


def pairs(n=10, **options):
    return PairedDataset(located(n), located(n, first=100), **{"batch_size": 4, **options})


def others(n_a=10, n_b=10, **options):
    options = {"batch_size": 4, **options}
    return UnpairedDataset(located(n_a), located(n_b, first=100), **options)


def read(dataset, epoch=0):
    """Both sides of an epoch, batches joined."""
    batches = [dataset.batch(epoch, index) for index in range(len(dataset))]
    return [np.concatenate(side) for side in zip(*batches, strict=True)]


def numbers(dataset, epoch=0):
    return [side[:, 0, 0, 0].tolist() for side in read(dataset, epoch)]


def assert_same(left, right):
    for a, b in zip(left, right, strict=True):
        np.testing.assert_array_equal(a, b)


def test_partners_stay_together_in_the_order_of_an_image_dataset():
    dataset, images = pairs(seed=3), ImageDataset(located(10), seed=3)
    for epoch in range(3):
        sources, targets = numbers(dataset, epoch)
        assert sources == images.order(epoch).tolist()
        assert targets == [100 + source for source in sources]


def test_whole_images_come_as_they_are():
    dataset = pairs(shuffle=False)
    assert_same(read(dataset), dataset.arrays)


@BOTH
def test_batches_follow_from_seed_epoch_and_index_alone(kind):
    def made(seed):
        options = {"batch_size": 4, "crop": (3, 4), "flip": True, "seed": seed}
        return kind(located(10), located(10, first=100), **options)

    forwards, backwards, reseeded = made(1), made(1), made(2)
    for epoch, index in [(0, 0), (5, 2), (5, 1), (0, 2)][::-1]:
        backwards.batch(epoch, index)
    for epoch, index in [(0, 0), (0, 2), (5, 1), (5, 2)]:
        assert_same(forwards.batch(epoch, index), backwards.batch(epoch, index))
        a, b = forwards.batch(epoch, index), reseeded.batch(epoch, index)
        assert all((seen != other).any() for seen, other in zip(a, b, strict=True))


@BOTH
def test_the_jitter_changes_with_epoch_and_index(kind):
    images = np.repeat(located(1), 40, axis=0)
    dataset = kind(images, images, 20, crop=(3, 3), flip=True)
    first = dataset.batch(0, 0)
    for epoch, index in [(0, 1), (1, 0)]:
        for seen, other in zip(first, dataset.batch(epoch, index), strict=True):
            assert (seen != other).any()


def test_iteration_has_the_jitter_of_the_epoch_that_is_set():
    dataset = pairs(crop=(3, 3), flip=True)
    dataset.epoch = 4
    for index in range(3):
        assert_same(dataset[index], dataset.batch(4, index))


def test_partners_share_their_crop_and_flip():
    sources, targets = read(pairs(100, crop=(3, 4), flip=True))
    assert sources.shape == targets.shape == (100, 3, 4, 3)
    np.testing.assert_array_equal(sources[..., 1:], targets[..., 1:])


def test_images_without_partner_have_a_crop_and_a_flip_of_their_own():
    a, b = (places(side) for side in read(others(100, 100, crop=(3, 4), flip=True)))
    for mine, other in zip(a[1:], b[1:], strict=True):
        assert 0.2 < np.mean(mine == other) < 0.7


@BOTH
@pytest.mark.parametrize("flip", [False, True])
def test_a_crop_is_a_connected_part_whose_rows_are_upright(kind, flip):
    images = located(50)
    for side in read(kind(images, images, 50, crop=(3, 4), flip=flip)):
        for image, top, left, mirrored in zip(side, *places(side)[1:], strict=True):
            part = images[image[0, 0, 0], top : top + 3, left : left + 4]
            np.testing.assert_array_equal(image, part[:, ::-1] if mirrored else part)
            assert flip or not mirrored


@BOTH
def test_crops_lie_everywhere_equally_often(kind):
    images = np.repeat(located(1), 2000, axis=0)
    for side in read(kind(images, images, 2000, crop=(4, 3))):
        _, tops, lefts, _ = places(side)
        counts = np.bincount(4 * tops + lefts, minlength=12)
        assert counts.shape == (12,)
        assert counts.min() > 120  # 167 on average.


@BOTH
def test_half_of_the_images_are_mirrored(kind):
    images = np.repeat(located(1), 1000, axis=0)
    for side in read(kind(images, images, 10, flip=True)):
        mirrored = places(side)[3].reshape(100, 10)
        assert 0.45 < mirrored.mean() < 0.55
        assert set(mirrored.sum(axis=1)) > {3, 4, 5, 6, 7}  # Image by image, not batch by batch.


@pytest.mark.parametrize("make", [pairs, others])
def test_the_last_odd_batch_may_be_left_out(make):
    assert [len(a) for a, _ in make()] == [4, 4, 2]
    assert [len(b) for _, b in make(drop_remainder=True)] == [4, 4]


@pytest.mark.parametrize("larger_first", [True, False])
def test_the_larger_side_comes_once_and_the_smaller_begins_again(larger_first):
    dataset = others(13, 5, batch_size=2) if larger_first else others(5, 13, batch_size=2)
    assert (len(dataset), dataset.num_images) == (7, 13)
    for epoch in range(3):
        a, b = numbers(dataset, epoch)
        longer, shorter = (a, [i - 100 for i in b])[:: 1 if larger_first else -1]
        assert sorted(longer) == list(range(13))
        passes = [shorter[:5], shorter[5:10], shorter[10:]]
        assert sorted(passes[0]) == sorted(passes[1]) == list(range(5))
        assert len(set(passes[2])) == 3
        assert passes[0] != passes[1]


def test_the_smaller_side_has_new_orders_in_every_epoch():
    dataset = others(20, 10)
    orders = [numbers(dataset, epoch)[1][i : i + 10] for epoch in range(3) for i in (0, 10)]
    assert len({tuple(order) for order in orders}) == 6


def test_what_is_left_over_of_the_smaller_side_changes():
    dataset = others(9, 8)
    assert len({numbers(dataset, epoch)[1][-1] for epoch in range(30)}) == 8


def test_sides_of_one_length_are_no_partners():
    dataset = others(30, 30)
    for epoch in range(3):
        a, b = numbers(dataset, epoch)
        assert sorted(a) == sorted(i - 100 for i in b) == list(range(30))
        assert np.mean(np.array(a) + 100 == b) < 0.2


def test_without_shuffling_both_sides_keep_their_order():
    dataset = others(5, 2, shuffle=False)
    for epoch in range(2):
        assert numbers(dataset, epoch) == [[0, 1, 2, 3, 4], [100, 101, 100, 101, 100]]
    assert numbers(pairs(2, shuffle=False), 7) == [[0, 1], [100, 101]]


def test_the_sides_of_an_unpaired_set_may_differ_in_size():
    dataset = UnpairedDataset(located(3), located(4, size=(8, 5)), 2)
    assert [side.shape for side in dataset[0]] == [(2, 6, 6, 3), (2, 8, 5, 3)]


@pytest.mark.parametrize("make", [pairs, others])
def test_a_set_says_what_it_holds(make):
    dataset = make(crop=(3, 4))
    assert [array.shape for array in dataset.arrays] == [(10, 6, 6, 3)] * 2
    assert dataset.image_shape == dataset[0][0].shape[1:] == (3, 4, 3)
    assert make().image_shape == (6, 6, 3)
    assert dataset.num_images == 10


@pytest.mark.parametrize("make", [pairs, others])
def test_a_sample_is_distinct_reproducible_and_cropped_in_the_middle(make):
    dataset = make(crop=(2, 4), flip=True)
    before = read(dataset)
    sample = dataset.sample(10, seed=1)
    for side, first in zip(sample, (0, 100), strict=True):
        number, top, left, mirrored = places(side)
        assert side.shape == (10, 2, 4, 3)
        assert sorted(number) == list(range(first, first + 10))
        assert set(top) == {2} and set(left) == {1}
        assert not mirrored.any()
    assert_same(sample, dataset.sample(10, seed=1))
    assert (sample[0] != dataset.sample(10, seed=2)[0]).any()
    assert_same(read(dataset), before)


def test_a_sample_of_pairs_holds_partners_and_one_of_two_collections_does_not():
    a, b = (side[:, 0, 0, 0] for side in pairs().sample(6))
    np.testing.assert_array_equal(a + 100, b)
    a, b = (side[:, 0, 0, 0] for side in others().sample(6))
    assert (a + 100 != b).any()


@pytest.mark.parametrize("make", [pairs, others])
def test_batches_of_floats_are_floats_and_a_sample_of_them_is_uint8(make):
    dataset = make(crop=(3, 3), flip=True)
    floats = [array.astype("float32") / 127.5 - 1 for array in dataset.arrays]
    of_floats = type(dataset)(*floats, 4, crop=(3, 3), flip=True)
    for whole, scaled in zip(dataset[0], of_floats[0], strict=True):
        assert scaled.dtype == "float32"
        np.testing.assert_array_equal(scaled, whole.astype("float32") / 127.5 - 1)
    for whole, sampled in zip(dataset.sample(5), of_floats.sample(5), strict=True):
        assert sampled.dtype == "uint8"
        np.testing.assert_array_equal(sampled, whole)


@pytest.mark.parametrize("make", [pairs, others])
def test_a_batch_is_a_writable_copy(make):
    dataset = make()
    before = read(dataset)
    for side in dataset[0]:
        side[:] = 255
    assert_same(read(dataset), before)


def test_the_sides_may_differ_in_their_channels():
    for kind in (PairedDataset, UnpairedDataset):
        grey = located(3)[..., :1]
        dataset = kind(grey, located(3), crop=(3, 3), flip=True)
        assert [side.shape for side in dataset[0]] == [(1, 3, 3, 1), (1, 3, 3, 3)]


def test_one_image_is_enough():
    assert numbers(pairs(1)) == [[0], [100]]
    a, b = numbers(others(1, 3), epoch=2)
    assert a == [0, 0, 0]
    assert sorted(b) == [100, 101, 102]


def test_sources_and_targets_of_unequal_number_are_refused():
    with pytest.raises(ValueError, match="there are 3 sources and 4 targets"):
        PairedDataset(located(3), located(4))


def test_sources_and_targets_of_unequal_size_are_refused():
    with pytest.raises(ValueError, match=r"\(3, 6, 6, 3\) and \(3, 6, 5, 3\). Resize"):
        PairedDataset(located(3), located(3, size=(6, 5)), crop=(4, 4))
    # Without a crop, the targets may be larger: those of super-resolution are.
    source, target = PairedDataset(located(3), located(3, size=(12, 12)))[0]
    assert (source.shape[1:3], target.shape[1:3]) == ((6, 6), (12, 12))


@BOTH
def test_a_crop_larger_than_the_images_names_their_side(kind):
    with pytest.raises(ValueError, match=r"at least \(7, 6\) .* `sources` have .*\(3, 6, 6, 3\)"):
        kind(located(3), located(3), crop=(7, 6))
    with pytest.raises(ValueError, match=r"at least \(6, 6\) .* `targets` have .*\(3, 6, 5, 3\)"):
        kind(located(3), located(3, size=(6, 5)), crop=(6, 6))


@pytest.mark.parametrize(("n_a", "n_b"), [(0, 3), (3, 0)])
def test_an_empty_side_is_refused(n_a, n_b):
    with pytest.raises(ValueError, match=f"both sides, but there are {n_a} and {n_b}"):
        others(n_a, n_b)


def test_no_pair_at_all_is_no_batch():
    with pytest.raises(ValueError, match="at least one batch"):
        pairs(0)


def test_a_sample_larger_than_the_set_is_refused():
    with pytest.raises(ValueError, match="at most 10 different images, but `n` is 11"):
        pairs().sample(11)
    with pytest.raises(ValueError, match="at most 5 different images, but `n` is 6"):
        others(5, 13).sample(6)


@pytest.mark.parametrize("crop", [64, (64, 64, 3)])
def test_a_crop_that_is_no_size_is_told(crop):
    images = np.zeros((2, 72, 72, 3), "uint8")
    with pytest.raises(ValueError, match=r"`crop` is \(height, width\) or None, .* it was"):
        PairedDataset(images, images, crop=crop)
