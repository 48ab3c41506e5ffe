"""Features that are computed once, in files.

```python
FeatureMetric.cache = "~/.cache/keras_gans"  # Or on one metric.
metric.measure("photographs/", "generated/")  # Looks at all images.
metric.measure("photographs/", "others/")  # Looks at the others.
```

The folder holds a folder for each set of images, extractor and resize, whose `about.json` says
which. In it are `.npz` files of features in float32 and of the places of their images; they hold
arrays and nothing that runs. Any of it may be deleted. What was changed, damaged or cut off is
computed anew, and several processes may share it. An image takes four bytes for each feature: a
million of 2,048 features 8 GB.
"""

import hashlib
import itertools
import json

import numpy as np

from keras_gans.data.aside import written_aside
from keras_gans.data.paths import local_path
from keras_gans.data.streams import in_batches
from keras_gans.metrics.extractors import weights_hash

CHUNK = 256  # Images in a file: what an interruption costs at most.


def cached_features(source, features, folder, batch_size=CHUNK, progress=None):
    """Features of all images of a source that can be read; finished files are kept.

    Args:
        source: `keras_gans.data.streams.ImageFiles`, or what has its `number`, `identity`,
            `images(rows)` and `tell(unread)`, and a `folder` for people.
        features: `ImageFeatures`.
        folder: Path of the cache; created where it is missing.
        batch_size: Images at a time.
        progress: Function that is told how many images are done: first how many were before.

    Yields:
        List of rows, and float32 array [n, d] of their features, some at a time.

    Raises:
        OSError: The folder cannot be written.
        ValueError: No image can be read.
    """
    how = {
        "extractor": features.extractor.name,
        "extractor_weights": weights_hash(features.extractor),
        "resize": features.resize,
    }
    # Two extractors may have one name, and the weights of neither tell its layers.
    depends_on = repr((source.identity, how, features.extractor.to_json()))
    key = hashlib.sha256(depends_on.encode()).hexdigest()[:24]
    folder = local_path(folder, "A cache") / key
    folder.mkdir(parents=True, exist_ok=True)
    about = {"images": str(source.folder), "number": source.number, **how}
    with written_aside(folder / "about.json") as aside:
        aside.write_text(json.dumps(about, indent=2) + "\n")

    size = features.extractor.output_shape[-1]
    files = {start: folder / f"{start:07d}.npz" for start in range(0, source.number, CHUNK)}
    missing = [start for start, path in files.items() if _read(path, size) is None]
    rows = [row for start in missing for row in range(start, min(start + CHUNK, source.number))]
    done = source.number - len(rows)
    if progress:
        progress(done)
    chunks = itertools.groupby(source.images(rows), lambda pair: pair[0] // CHUNK)
    for start, (_, pairs) in zip(missing, chunks, strict=True):
        usable, values = _of_pairs(pairs, features, batch_size)
        with written_aside(files[start]) as aside, aside.open("wb") as file:
            np.savez(file, rows=np.array(usable, "int64"), features=values)
        done += min(CHUNK, source.number - start)
        if progress:
            progress(done)

    unread = []
    for start, path in files.items():
        usable, values = _read(path, size)
        unread += sorted({*range(start, min(start + CHUNK, source.number))} - {*usable})
        yield usable, values
    source.tell(unread)


def _of_pairs(pairs, features, batch_size):
    """The rows of the pairs that have an image, and the features of these."""
    rows = []

    def images():
        for row, image in pairs:
            if image is not None:
                rows.append(row)
                yield image

    batches = [features.of_list(batch, batch_size) for batch in in_batches(images(), batch_size)]
    none = np.zeros((0, features.extractor.output_shape[-1]))
    return rows, np.concatenate([none, *batches]).astype("float32")


def _read(path, size):
    """The rows and the features in a file; `None` where there is no such file or it is damaged."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            rows, features = file["rows"].tolist(), file["features"]
    except Exception:  # A damaged file may raise nearly anything.
        return None
    return (rows, features) if features.shape == (len(rows), size) else None
