#!/usr/bin/env python3
"""JPEGs beside this file, and the pixels that libjpeg-turbo makes of them (PNG). Needs cjpeg, imagecodecs, numpy and
Pillow."""
import io, pathlib, subprocess

import imagecodecs
import numpy as np
from PIL import Image

here = pathlib.Path(__file__).parent
y, x = np.mgrid[:29, :37]
waves = [120 + 110 * np.sin(x / 4 + y / 7), 128 + 100 * np.cos(x / 5 - y / 3), 100 + 140 * ((x // 6 + y // 5) % 2)]
noise = np.random.default_rng(0).normal(0, 15, (29, 37, 3))
picture = Image.fromarray((np.stack(waves, -1) + noise).clip(0, 255).astype(np.uint8))
ppm = io.BytesIO()
picture.save(ppm, "PPM")


def cjpeg(*options):
    return subprocess.run(["cjpeg", *options], input=ppm.getvalue(), capture_output=True, check=True).stdout


def inked():
    file = io.BytesIO()
    picture.convert("CMYK").save(file, "JPEG", quality=90)
    return file.getvalue()


def inked_as_ycck():
    """As Adobe's programs write it: Pillow's own CMYK is never turned into YCbCr."""
    cmyk = 255 - np.asarray(picture.convert("CMYK"))
    return imagecodecs.jpeg8_encode(np.ascontiguousarray(cmyk), level=90, colorspace="CMYK", outcolorspace="YCCK")


files = {
    "grey": cjpeg("-grayscale", "-quality", "80"),
    "444": cjpeg("-quality", "95", "-sample", "1x1"),
    "422": cjpeg("-quality", "85", "-sample", "2x1"),
    "440": cjpeg("-quality", "85", "-sample", "1x2"),
    "420": cjpeg("-quality", "75", "-sample", "2x2"),
    "411": cjpeg("-quality", "75", "-sample", "4x1"),
    "420_progressive": cjpeg("-quality", "60", "-sample", "2x2", "-progressive", "-restart", "1"),
    "coarse_luma": cjpeg("-quality", "85", "-sample", "1x1,2x2,2x1"),
    "rgb": cjpeg("-quality", "90", "-rgb"),
    "cmyk": inked(),
    "ycck": inked_as_ycck(),
}
for name, file in files.items():
    (here / f"{name}.jpg").write_bytes(file)
    read = Image.open(io.BytesIO(file))
    (read if read.mode == "L" else read.convert("RGB")).save(here / f"{name}.png", optimize=True)
