"""Files that are never seen half written."""

import contextlib
import os


@contextlib.contextmanager
def written_aside(path):
    """Lends a path to write to, and renames what was written there to `path`.

    After an error nothing is left beside `path`, and a file that was there stays as it was.

    Args:
        path: `pathlib.Path` of the file; its folder must exist.

    Yields:
        `pathlib.Path` in the same folder, under another suffix: say the format where it is
        usually told from the suffix.

    Example:

    ```python
    import tempfile
    from pathlib import Path
    from keras_gans.data.aside import written_aside

    with tempfile.TemporaryDirectory() as folder:
        with written_aside(Path(folder) / "scores.json") as aside:
            aside.write_text("{}")
    ```
    """
    # Another process may write the same file.
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        yield aside
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
