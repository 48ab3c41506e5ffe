"""Warps of images by gathers, which every backend differentiates as often as is asked for."""

from keras import ops


def pixels_at(images, rows, columns):
    """The pixels of images at whole positions inside them.

    Args:
        images: Tensor `(n, height, width, channels)`.
        rows: int32 tensor that broadcasts with `columns` to `(n, height', width')`.
        columns: int32 tensor.

    Returns:
        Tensor `(n, height', width', channels)`.
    """
    n, height, width, channels = ops.shape(images)
    first = ops.reshape(ops.arange(n, dtype="int32") * height, (-1, 1, 1))
    flat = ops.reshape(images, (-1, channels))
    return ops.take(flat, (first + rows) * width + columns, axis=0)


def affine_warp(images, matrix, shift):
    """Images whose pixel at position q is the one at `matrix` q + `shift` of the given ones.

    Positions (x, y) are counted in pixels, to the right and down, from the middle of an image.
    Between pixels it interpolates linearly, and beyond the edges an image goes on as its mirror
    image, the outermost pixels not repeated.

    Args:
        images: float tensor `(n, height, width, channels)`.
        matrix: Rows of the matrix: two pairs of float32 tensors `(n,)`.
        shift: Pair of float32 tensors `(n,)`.

    Returns:
        Tensor of the shape of `images`.
    """
    _, height, width, _ = ops.shape(images)
    middle_x, middle_y = ((ops.cast(side, "float32") - 1) / 2 for side in (width, height))
    x = ops.reshape(ops.arange(width, dtype="float32"), (1, 1, -1)) - middle_x
    y = ops.reshape(ops.arange(height, dtype="float32"), (1, -1, 1)) - middle_y
    (xx, xy), (yx, yy) = (tuple(map(per_image, row)) for row in matrix)
    shift_x, shift_y = map(per_image, shift)
    left, right, along_x = neighbours(xx * x + xy * y + shift_x + middle_x, width)
    upper, lower, along_y = neighbours(yx * x + yy * y + shift_y + middle_y, height)

    def between(rows):
        at_left, at_right = pixels_at(images, rows, left), pixels_at(images, rows, right)
        return at_left + along_x * (at_right - at_left)

    above, below = between(upper), between(lower)
    return above + along_y * (below - above)


def neighbours(positions, side):
    """The two pixels around each position, mirrored into the image, and the way between them."""
    last = ops.cast(side, "float32") - 1
    period = ops.maximum(2 * last, 1.0)
    inside = last - ops.abs(ops.mod(positions, period) - last)
    inside = ops.clip(inside, 0.0, last)
    first = ops.floor(inside)
    second = ops.minimum(first + 1, last)
    return ops.cast(first, "int32"), ops.cast(second, "int32"), (inside - first)[..., None]


def per_image(numbers):
    return ops.reshape(numbers, (-1, 1, 1))
