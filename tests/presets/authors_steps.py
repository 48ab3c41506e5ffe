"""One step of DCGAN and of pix2pix in PyTorch, in float64: where the tests' numbers come from.

    python -m tests.presets.authors_steps

The authors' Adam (optim.adam of Lua Torch, which PyTorch had up to 1.2) adds its epsilon of 1e-8 to
the root that is not corrected, as Keras does. PyTorch has since added it to the corrected one: in
the first step that is an epsilon of 1e-8 / sqrt(1 - beta_2).
"""

import numpy as np

LATENTS, WIDTH = 4, 4
BETA_2 = 0.999


def data():
    """Latents and images of DCGAN, and sources and targets of pix2pix."""
    rng = np.random.default_rng(0)
    latents, images = rng.normal(size=(8, LATENTS)), rng.uniform(-1, 1, (8, 16, 16, 1))
    return latents, images, *rng.uniform(-1, 1, (2, 8, 8, 8, 1))


def weights(shapes):
    """A weight for each shape: small kernels, and factors and offsets of normalizations."""
    rng = np.random.default_rng(1)
    return [
        rng.normal(*((0.5, 0.5) if len(shape) == 1 else (0.0, 0.02)), shape) for shape in shapes
    ]


def summary(updates):
    """Updates of a network in units of the rate: their mean size, and along two directions."""
    flat = np.concatenate([np.ravel(u) for u in updates])
    directions = np.random.default_rng(2).normal(size=(2, len(flat))) / np.sqrt(len(flat))
    return [float(np.abs(flat).mean()), *(directions @ flat).tolist()]


KERNEL = (4, 4)
DCGAN = {  # In the order of `trainable_variables`, in Keras's layouts.
    "generator": [
        *((LATENTS, 4 * 4 * 2 * WIDTH), (2 * WIDTH,), (2 * WIDTH,)),
        *((*KERNEL, WIDTH, 2 * WIDTH), (WIDTH,), (WIDTH,), (*KERNEL, 1, WIDTH)),
    ],
    "discriminator": [
        *((*KERNEL, 1, WIDTH), (*KERNEL, WIDTH, 2 * WIDTH), (2 * WIDTH,), (2 * WIDTH,)),
        (*KERNEL, 2 * WIDTH, 1),
    ],
}
PIX2PIX = {
    "generator": [
        *((*KERNEL, 1, 4), (*KERNEL, 4, 8), (8,), (8,), (*KERNEL, 8, 16)),
        *((*KERNEL, 8, 16), (8,), (8,), (*KERNEL, 4, 16), (4,), (4,), (*KERNEL, 1, 8), (1,)),
    ],
    "discriminator": [
        *((*KERNEL, 2, 4), (4,), (*KERNEL, 4, 8), (8,), (8,), (*KERNEL, 8, 1), (1,)),
    ],
}


def first_step(model, shapes, *images):
    """What `summary` says of the first step of a model of ours from these weights."""
    networks = {"generator": model.generator, "discriminator": model.discriminator}
    before = {player: weights(shapes[player]) for player in networks}
    for player, network in networks.items():
        for variable, value in zip(network.trainable_variables, before[player], strict=True):
            variable.assign(value)
    model.fit(*(x.astype("float32") for x in images), batch_size=len(images[0]), verbose=0)
    return {
        player: summary(
            [
                (v.numpy() - old) / float(getattr(model.optimizer, player).learning_rate)
                for v, old in zip(network.trainable_variables, before[player], strict=True)
            ]
        )
        for player, network in networks.items()
    }


def main():
    import torch
    from torch.nn import functional as nn

    def tensors(shapes):
        return [torch.tensor(w).requires_grad_() for w in weights(shapes)]

    def maps(x):
        return torch.tensor(x).permute(0, 3, 1, 2)

    def in_torch(kernel):
        return kernel.permute(3, 2, 0, 1).contiguous()

    def conv(x, kernel, stride=2, padding=1, bias=None):
        return nn.conv2d(x, in_torch(kernel), bias, stride, padding)

    def up(x, kernel, bias=None):
        return nn.conv_transpose2d(x, in_torch(kernel), bias, 2, 1)

    def norm(x, factor, offset):
        return nn.batch_norm(x, None, None, factor, offset, training=True, eps=1e-5)

    def leaky(x):
        return nn.leaky_relu(x, 0.2)

    def entropy(scores, target):
        return nn.binary_cross_entropy_with_logits(scores, torch.full_like(scores, target))

    def dcgan_generator(z, w):
        x = (torch.tensor(z) @ w[0]).reshape(-1, 4, 4, 2 * WIDTH).permute(0, 3, 1, 2)
        x = torch.relu(norm(x, *w[1:3]))
        x = torch.relu(norm(up(x, w[3]), *w[4:6]))
        return torch.tanh(up(x, w[6]))

    def dcgan_discriminator(x, w):
        x = leaky(norm(conv(leaky(conv(x, w[0])), w[1]), *w[2:4]))
        return conv(x, w[4], 1, 0)

    def unet(x, w):
        first = conv(x, w[0])
        second = norm(conv(leaky(first), w[1]), *w[2:4])
        x = conv(leaky(second), w[4])
        x = norm(up(torch.relu(x), w[5]), *w[6:8])
        x = norm(up(torch.relu(torch.cat([second, x], 1)), w[8]), *w[9:11])
        return torch.tanh(up(torch.relu(torch.cat([first, x], 1)), w[11], w[12]))

    def patchgan(x, w):
        x = leaky(conv(x, w[0], bias=w[1]))
        x = leaky(norm(conv(x, w[2], 1), *w[3:5]))
        return conv(x, w[5], 1, bias=w[6])

    def step(rate, epsilon, loss, variables):
        before = [v.detach().clone() for v in variables]
        adam = torch.optim.Adam(
            variables, rate, betas=(0.5, BETA_2), eps=epsilon / np.sqrt(1 - BETA_2)
        )
        for v, gradient in zip(variables, torch.autograd.grad(loss, variables), strict=True):
            v.grad = gradient
        adam.step()
        return [
            ((v.detach() - old) / rate).numpy() for v, old in zip(variables, before, strict=True)
        ]

    def dcgan(epsilon):
        latents, real, *_ = data()
        g, d = (tensors(DCGAN[player]) for player in ("generator", "discriminator"))
        fake = dcgan_generator(latents, g)
        loss = entropy(dcgan_discriminator(maps(real), d), 1.0)
        loss = loss + entropy(dcgan_discriminator(fake.detach(), d), 0.0)
        moved = {"discriminator": step(2e-4, epsilon, loss, d)}
        loss = entropy(dcgan_discriminator(fake, d), 1.0)
        return {**moved, "generator": step(2e-4, epsilon, loss, g)}

    def pix2pix(epsilon):
        source, target = (maps(x) for x in data()[2:])
        g, d = (tensors(PIX2PIX[player]) for player in ("generator", "discriminator"))
        fake = unet(source, g)

        def scores(x):
            return patchgan(torch.cat([source, x], 1), d)

        loss = 0.5 * (entropy(scores(target), 1.0) + entropy(scores(fake.detach()), 0.0))
        moved = {"discriminator": step(2e-4, epsilon, loss, d)}
        loss = entropy(scores(fake), 1.0) + 100.0 * (target - fake).abs().mean()
        return {**moved, "generator": step(2e-4, epsilon, loss, g)}

    for model in (dcgan, pix2pix):
        for epsilon in (1e-8, 1e-7):
            for player, updates in model(epsilon).items():
                numbers = ", ".join(f"{x:.6f}" for x in summary(updates))
                print(f"{model.__name__}, epsilon {epsilon:g}, {player}: [{numbers}]")


if __name__ == "__main__":
    main()
