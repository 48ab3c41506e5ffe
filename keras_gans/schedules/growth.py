"""Growth: which resolution is trained after how many images, and how far it has faded in."""

import math

from keras import ops

from keras_gans.schedules.schedule import Linear


class Growth:
    """The schedule of progressive growing, a function of the images seen.

    Level 0 is 4x4 pixels, each further level twice that. Level 0 is trained for
    `stabilise_images`; each further level fades in over `fade_images`, then is trained for
    `stabilise_images`, the last one for good.

    Args:
        levels: Integer, how many there are.
        fade_images: Integer >= 1.
        stabilise_images: Integer >= 0.

    Raises:
        ValueError: A number out of its range.

    Example:

    ```python
    growth = Growth(levels=4, fade_images=600_000, stabilise_images=600_000)
    growth.level(900_000), growth.alpha(900_000, level=1)  # (1, 0.5)
    ```

    References:
        Karras et al. 2018, arXiv:1710.10196, appendix A; the boundaries are those of the authors'
        code.
    """

    def __init__(self, levels, fade_images, stabilise_images):
        if fade_images < 1 or stabilise_images < 0:
            raise ValueError(
                "fade_images must be 1 or more and stabilise_images 0 or more; they were "
                f"{fade_images} and {stabilise_images}."
            )
        self.levels = levels
        self.fade_images = fade_images
        self.stabilise_images = stabilise_images

    def phase(self, images_seen):
        """How many boundaries lie behind: twice the level, less one while it fades in."""
        whole, rest = divmod(images_seen, self.fade_images + self.stabilise_images)
        phase = 2 * whole + (1 if rest > self.stabilise_images else 0)
        return min(phase, 2 * (self.levels - 1))

    def level(self, images_seen):
        """The level that is trained when so many images have been seen."""
        return (self.phase(images_seen) + 1) // 2

    def start(self, level):
        """How many images are seen when a level begins to fade in."""
        return level * self.stabilise_images + (level - 1) * self.fade_images if level else 0

    def alpha(self, images_seen, level):
        """The share of a level that is blended in: float32 scalar, also inside a graph."""
        if level == 0:
            return ops.ones((), "float32")
        return Linear(0.0, 1.0, images=self.fade_images)(images_seen - self.start(level))

    def until_next_phase(self, images_seen):
        """How many images can still be seen within the phase; infinitely many in the last one."""
        phase = self.phase(images_seen)
        if phase == 2 * (self.levels - 1):
            return math.inf
        if phase % 2 == 0:  # The next level begins after its start, a fade ends at its end.
            return self.start(phase // 2 + 1) - images_seen
        return self.start((phase + 1) // 2) + self.fade_images - 1 - images_seen
