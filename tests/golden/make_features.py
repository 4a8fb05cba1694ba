#!/usr/bin/env python3
"""Makes features.safetensors, what the frozen network of assets/features makes of one picture, computed in float64.

    (the packages in the head of assets/features/export.py)
    VENV/bin/python tests/golden/make_features.py

    picture     u8  [3, 48, 64]      x = byte / 256
    original    f32 [6, 8, 152]      features of the whole network with its batch norms and unrounded weights
    stored      f32 [6, 8, 152]      the same of the stored weights: channels 0..40 of stride 8, 40..152 of stride 16
    gradient    f32 [3, 48, 64]      of sum features^2 / 2 by the picture, stored weights

Features: the last outputs at strides 8 and 16, each averaged over 3 x 3 (avg_pool2d(3, 1, 1), zeros around count),
that of stride 16 enlarged bilinearly (align_corners=False).
"""
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "assets" / "features"))
from export import BLOCKS, load  # noqa: E402

STRIDED = (1, 3, 5)
"""Blocks of stride 2."""


def padded(x, kernel, stride):
    """TensorFlow's SAME padding of even sides: the odd zero comes last."""
    total = kernel - stride
    return F.pad(x, (total // 2, total - total // 2) * 2)


def joined(kept):
    """The outputs of strides 8 and 16 on the grid of stride 8, channels last."""
    fine, coarse = (F.avg_pool2d(one, 3, 1, 1) for one in kept)
    coarse = F.interpolate(coarse, size=fine.shape[-2:], mode="bilinear", align_corners=False)
    return torch.cat([fine, coarse], 1)[0].permute(1, 2, 0)


def original(x):
    """Features of the network as it was trained."""
    network = load().double()
    x = network._swish(network._bn0(network._conv_stem((x - 0.498) / 0.502)))
    kept = []
    for number, block in enumerate(network._blocks[:BLOCKS]):
        if number == STRIDED[2]:
            kept.append(x)
        x = block(x)
    return joined([*kept, x])


def stored(x):
    """Features of the stored weights, written out."""
    weights = load_file(ROOT / "assets" / "features" / "efficientnet-lite0.safetensors")
    weights = {name: tensor.double() for name, tensor in weights.items()}

    def pointwise(x, name):
        return F.conv2d(x, weights[name + ".weight"][:, :, None, None], weights[name + ".bias"])

    def depthwise(x, name, stride):
        filters = weights[name + ".weight"][:, None]
        x = padded(x, filters.shape[-1], stride)
        return F.conv2d(x, filters, weights[name + ".bias"], stride=stride, groups=len(filters))

    x = padded((x - 0.498) / 0.502, 3, 2)
    x = F.relu6(F.conv2d(x, weights["stem.weight"], weights["stem.bias"], stride=2))
    kept = []
    for number in range(BLOCKS):
        if number == STRIDED[2]:
            kept.append(x)
        name, before = f"blocks.{number}", x
        if name + ".expand.weight" in weights:
            x = F.relu6(pointwise(x, name + ".expand"))
        x = F.relu6(depthwise(x, name + ".depthwise", 2 if number in STRIDED else 1))
        x = pointwise(x, name + ".project")
        x = x + before if x.shape == before.shape else x
    return joined([*kept, x])


def picture():
    """Waves, a bright disc, a dark bar and noise, other in each channel."""
    random = np.random.default_rng(7)
    y, x = np.mgrid[0:48, 0:64]
    values = np.stack([0.5 + 0.3 * np.sin(0.2 * x + 0.13 * y * (1 + channel)) for channel in range(3)])
    values[:, (y - 20) ** 2 + (x - 40) ** 2 < 100] += 0.3
    values[:, 30:36, 5:50] *= 0.4
    values += random.normal(0, 0.03, values.shape)
    return torch.from_numpy((values.clip(0, 1) * 255).astype(np.uint8))


def main():
    image = picture()
    x = (image.double() / 256)[None].requires_grad_(True)
    features = stored(x)
    gradient, = torch.autograd.grad((features**2).sum() / 2, x)
    tensors = {"picture": image, "original": original(x).float(), "stored": features.float(), "gradient": gradient[0].float()}
    tensors = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    save_file(tensors, Path(__file__).with_name("features.safetensors"))


if __name__ == "__main__":
    main()
