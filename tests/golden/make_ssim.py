#!/usr/bin/env python3
"""Makes the golden values of the structural dissimilarity, in float64, by the definition.

    python3 -m venv VENV && VENV/bin/pip install numpy safetensors
    VENV/bin/python make_ssim.py              # rewrites ssim.safetensors beside it; takes a minute

D(x, y) = sum over channels and pixels of counted * (1 - SSIM) (Wang et al. 2004): the window is a
Gaussian of sigma 1.5 on 11 x 11 pixels, its weights within the picture sum to one, K1 = 0.01,
K2 = 0.03, the range is 1. Every window is written out as a row of a matrix and variances are means
of squared deviations; gradients come from complex steps, so that no derivative is written by hand.

    x, y         u8  [2, 22, 22]   pictures; x = byte / 256
    counted      u8  [22, 22]      0 or 1: the weight of each pixel's term
    terms        f64 [2, 22, 22]   1 - SSIM
    value        f64 [1]           D, all pixels counted
    value_counted            f64 [1]
    gradient_x, gradient_y   f64 [2, 22, 22]  of value_counted
"""
import pathlib

import numpy as np
from safetensors.numpy import save_file

CHANNELS, SIDE, RADIUS, SIGMA = 2, 22, 5, 1.5
C1, C2 = 0.01**2, 0.03**2


def windows():
    """Row p holds the weights of the window around pixel p."""
    rows, columns = np.divmod(np.arange(SIDE * SIDE), SIDE)
    dy, dx = rows[:, None] - rows[None], columns[:, None] - columns[None]
    inside = (abs(dy) <= RADIUS) & (abs(dx) <= RADIUS)
    weights = np.where(inside, np.exp(-(dy**2 + dx**2) / (2 * SIGMA**2)), 0)
    return weights / weights.sum(axis=1, keepdims=True)


WINDOWS = windows()


def terms(x, y):
    """1 - SSIM of every pixel of one plane."""
    mean_x, mean_y = WINDOWS @ x, WINDOWS @ y
    away_x, away_y = x[None] - mean_x[:, None], y[None] - mean_y[:, None]
    variance_x = (WINDOWS * away_x**2).sum(axis=1)
    variance_y = (WINDOWS * away_y**2).sum(axis=1)
    covariance = (WINDOWS * away_x * away_y).sum(axis=1)
    luminance = (2 * mean_x * mean_y + C1) / (mean_x**2 + mean_y**2 + C1)
    structure = (2 * covariance + C2) / (variance_x + variance_y + C2)
    return 1 - luminance * structure


def gradient(function, values):
    """Of an analytic function, exact to the last digits."""
    result = np.empty_like(values)
    for i in range(values.size):
        step = values.astype(complex)
        step[i] += 1e-30j
        result[i] = function(step).imag / 1e-30
    return result


def main():
    rng = np.random.Generator(np.random.PCG64(5))
    row, column = np.mgrid[:SIDE, :SIDE]
    x = 0.5 + 0.3 * np.sin(row * 0.5) * np.cos(column * 0.4) + rng.normal(0, 0.02, (CHANNELS, SIDE, SIDE))
    y = 0.85 * x + rng.normal(0, 0.03, x.shape)
    x[:, :, 14:] += rng.normal(0, 0.2, (CHANNELS, SIDE, 8))  # rough in places, plain in one
    y[:, 4:9, 3:8] = 0.25
    x, y = (np.rint(picture * 256).clip(0, 255).astype(np.uint8) for picture in (x, y))
    counted = ((row - 3) ** 2 + (column - 15) ** 2 > 30).astype(np.uint8)

    planes = [(a.ravel() / 256, b.ravel() / 256) for a, b in zip(x, y)]
    weight = counted.ravel()
    each = np.stack([terms(a, b) for a, b in planes])
    by_x = np.stack([gradient(lambda a: (weight * terms(a, b)).sum(), a) for a, b in planes])
    by_y = np.stack([gradient(lambda b: (weight * terms(a, b)).sum(), b) for a, b in planes])
    save_file(
        {"x": x, "y": y, "counted": counted, "terms": each.reshape(x.shape), "value": each.sum(keepdims=True)[0],
         "value_counted": (weight * each).sum(keepdims=True)[0],
         "gradient_x": by_x.reshape(x.shape), "gradient_y": by_y.reshape(x.shape)},
        pathlib.Path(__file__).parent / "ssim.safetensors")


if __name__ == "__main__":
    main()
