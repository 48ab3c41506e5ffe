"""What the PyTorch contenders share: the timed loop, its batches, the optimizer and the report."""

import torch

from benchmarks.throughput.protocol import (
    BETA_1,
    BETA_2,
    LEARNING_RATE,
    Stopwatch,
    contender_arguments,
    report,
)


def adam(*networks, fused=True):
    # Alone, on the parameters of DCGAN, the fused one updates faster than `foreach=True`.
    parameters = [parameter for network in networks for parameter in network.parameters()]
    return torch.optim.Adam(parameters, LEARNING_RATE, betas=(BETA_1, BETA_2), fused=fused)


def descend(optimizer, loss):
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


def scaled(images):
    """Float32 in [-1, 1], channels last in memory, of a tensor of uint8 images."""
    # The permuted view of NHWC bytes *is* a channels-last tensor: nothing is copied twice.
    return images.permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0)


def shuffled_batches(arrays, window):
    """Endless shuffled batches of the images of arrays, scaled."""
    tensors = [torch.from_numpy(images) for images in arrays]
    while True:
        for rows in torch.randperm(window.examples).split(window.batch_size):
            yield [scaled(images[rows]) for images in tensors]


def timed_loop(step, window, batches):
    """Times calls of `step` on endless batches; it returns scalar tensors."""
    stopwatch = Stopwatch(window)
    for done, batch in enumerate(batches, start=1):
        losses = step(*batch)
        if stopwatch.is_due(done):
            stopwatch.after(done, [loss.item() for loss in losses])
        if stopwatch.stop is not None:
            return stopwatch


def run_contender(description, contenders):
    """Runs the contender that the command line names, and prints its report."""
    name, window, threads = contender_arguments(description, contenders)
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    stopwatch, *networks = contenders[name](window)
    parameters = [sum(p.numel() for p in network.parameters()) for network in networks]
    report(stopwatch, parameters, {"torch": torch.__version__})
