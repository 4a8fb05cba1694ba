#!/usr/bin/env python3
"""Rebuilds the network of a Kizumi model file in PyTorch and reconstructs an image with it.

    python3 -m venv VENV && VENV/bin/pip install torch numpy safetensors pillow
    VENV/bin/python check_model.py MODEL.safetensors IMAGE [--out RECONSTRUCTION]

IMAGE is anything Pillow reads, or a .npy array [channels, size, size] with values in 0..1.
RECONSTRUCTION is a .npy array of that form, or an image. The sum of squared errors between the
image and its reconstruction goes to stdout.

The layers are read off the tensors' shapes, the number of skip connections off the JSON under the
metadata key "kizumi" (`network.skips`, none if it is missing):

    encoder.{0..7}, decoder.{1,2,4,6}   weight [out, in, k, k], bias [out]     convolutions
    decoder.{0,3,5,7,8}                 weight [in, out, k, k], bias [out]     transposed convolutions
    mean, log_variance                  weight [latent, width, size/16, size/16], bias [latent]
"""
import argparse
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn

SLOPE = 0.2  # LeakyReLU, after every layer of encoder and decoder but the last
# From the encoder's layer to the decoder's, the coarsest first: added before the LeakyReLU.
SKIPS = [(5, 2), (4, 3), (2, 5), (0, 7)]


class Vae(nn.Module):
    """The network of Bergmann et al. 2018 as used by Dehaene et al. 2020."""

    def __init__(self, channels, width, latent, size, skips=0):
        super().__init__()
        self.skips = {to: start for start, to in SKIPS[:skips]}
        w, core = width, size // 16

        def same(inputs, outputs):  # keeps the side
            return nn.Conv2d(inputs, outputs, 3, stride=1, padding=1)

        def down(inputs, outputs):  # halves the side
            return nn.Conv2d(inputs, outputs, 4, stride=2, padding=1)

        def up(inputs, outputs):  # doubles the side
            return nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1)

        self.encoder = nn.ModuleList([
            down(channels, w), down(w, w), same(w, w), down(w, 2 * w), same(2 * w, 2 * w),
            down(2 * w, 4 * w), same(4 * w, 2 * w), same(2 * w, w)])
        self.mean = nn.Conv2d(w, latent, core)
        self.log_variance = nn.Conv2d(w, latent, core)
        self.decoder = nn.ModuleList([
            nn.ConvTranspose2d(latent, w, core), same(w, 2 * w), same(2 * w, 4 * w),
            up(4 * w, 2 * w), same(2 * w, 2 * w), up(2 * w, w), same(w, w), up(w, w), up(w, channels)])
        self.channels, self.size = channels, size

    def features(self, x):
        """The outputs of the encoder's layers."""
        outputs = []
        for layer in self.encoder:
            x = F.leaky_relu(layer(x), SLOPE)
            outputs.append(x)
        return outputs

    def encode(self, x):
        """Mean and log-variance of the latent, [batch, latent, 1, 1] each."""
        x = self.features(x)[-1]
        return self.mean(x), self.log_variance(x)

    def decode(self, z, features=None):
        """An image [batch, channels, size, size] in 0..1; `features` for the skip connections."""
        for at, layer in enumerate(self.decoder[:-1]):
            z = layer(z)
            if at in self.skips:
                z = z + features[self.skips[at]]
            z = F.leaky_relu(z, SLOPE)
        return torch.sigmoid(self.decoder[-1](z))

    def forward(self, x):
        """f(x): deterministic, through the latent mean."""
        features = self.features(x)
        return self.decode(self.mean(features[-1]), features)


def load_model(path, skips=None):
    """The network of a model file, in float32; with another number of skip connections if given."""
    tensors = load_file(path)
    width, channels = tensors["encoder.0.weight"].shape[:2]
    latent, _, core, _ = tensors["mean.weight"].shape
    if skips is None:
        with safe_open(path, "pt") as file:
            header = json.loads((file.metadata() or {}).get("kizumi", "{}"))
        skips = header.get("network", {}).get("skips", 0)
    model = Vae(channels, width, latent, 16 * core, skips)
    model.load_state_dict({name: tensors[name] for name in model.state_dict()})  # others: optimiser state
    return model


def load_image(path, channels, size):
    """An image as [1, channels, size, size] in 0..1."""
    if path.suffix == ".npy":
        pixels = np.load(path).astype(np.float32)
    else:
        from PIL import Image
        image = Image.open(path)
        if image.mode not in ("L", "RGB"):
            sys.exit(f"{path}: mode {image.mode}; convert it to 8-bit grey or RGB first")
        if image.size != (size, size):
            print(f"{path}: resized from {image.size} to {size}; Kizumi's own filter differs slightly",
                  file=sys.stderr)
            image = image.resize((size, size), Image.Resampling.LANCZOS)
        pixels = np.asarray(image, dtype=np.float32) / 255
        pixels = pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    if len(pixels) == 3 and channels == 1:  # Rec. 601 luma
        pixels = np.tensordot(np.float32([0.299, 0.587, 0.114]), pixels, 1)[None]
    elif len(pixels) == 1 and channels == 3:
        pixels = pixels.repeat(3, axis=0)
    if pixels.shape != (channels, size, size):
        sys.exit(f"{path}: shape {pixels.shape}, the model wants {(channels, size, size)}")
    return torch.from_numpy(np.ascontiguousarray(pixels))[None]


def save_image(path, pixels):
    """Writes [channels, size, size] in 0..1 as .npy (exact) or as an 8-bit image."""
    if path.suffix == ".npy":
        np.save(path, pixels)
        return
    from PIL import Image
    bytes_ = np.rint(pixels * 255).astype(np.uint8)
    Image.fromarray(bytes_[0] if len(bytes_) == 1 else bytes_.transpose(1, 2, 0)).save(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("image", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path)
    args = parser.parse_args()
    model = load_model(args.model)
    x = load_image(args.image, model.channels, model.size)
    with torch.no_grad():
        reconstruction = model(x)
    print(f"reconstruction error {(x - reconstruction).square().sum().item():.6f}")
    if args.out:
        save_image(args.out, reconstruction[0].numpy())


if __name__ == "__main__":
    main()
