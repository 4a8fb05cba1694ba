#!/usr/bin/env python3
"""Damages files at random and looks which of them get a score.

    mutants.py KIZUMI [COUNT] [SEED]

Needs numpy, Pillow and djpeg (libjpeg-turbo-progs): what djpeg or Pillow complains about, and whatever is cut
off, must not be scored without a mark, and nothing may panic. Prints a table by format and damage and ends with 1 where that fails.
"""
import io
import json
import random
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

import numpy
from PIL import Image

FORMATS = {
    "jpeg": ["JPEG", [{}, {"progressive": True}, {"optimize": True, "subsampling": 0}, {"restart_marker_blocks": 5}]],
    "png": ["PNG", [{}, {"optimize": True}]],
    "tiff": ["TIFF", [{}, {"compression": "tiff_lzw"}, {"compression": "tiff_adobe_deflate"}, {"compression": "packbits"}]],
    "webp": ["WEBP", [{"quality": 80}, {"lossless": True}]],
    "bmp": ["BMP", [{}]],
}
DAMAGES = ["flip", "zeros", "hole", "swap", "cut"]


def photo(side=96):
    """Something like a part on a table."""
    y, x = numpy.mgrid[0:side, 0:side]
    grey = 120 + 60 * numpy.sin(x / 17 + y / 23) + 50 * ((x - 48) ** 2 + (y - 48) ** 2 < 900)
    tint = numpy.array([1.0, 0.9, 0.8])
    noise = numpy.random.normal(0, 4, (side, side, 1))
    return Image.fromarray((grey[..., None] * tint + noise).clip(0, 255).astype(numpy.uint8))


def encoded(kind, options):
    file = io.BytesIO()
    image = photo()
    if random.random() < 0.3 and kind != "WEBP":
        image = image.convert("L")
        options = {key: value for key, value in options.items() if key != "subsampling"}
    image.save(file, kind, **options)
    return file.getvalue()


def damaged(file, damage):
    file = bytearray(file)
    some = random.randrange(1, min(600, len(file) // 8))
    at, to = (random.randrange(len(file) - some) for _ in range(2))
    if damage == "flip":
        file[at] ^= 1 << random.randrange(8)
    elif damage == "zeros":
        file[at:at + some] = bytes(some)
    elif damage == "hole":
        del file[at:at + some]
    elif damage == "swap":
        file[at:at + some], file[to:to + some] = file[to:to + some], file[at:at + some]
    else:
        del file[at:]
    return bytes(file)


def complaint(path):
    """What Pillow, or libjpeg through djpeg, says about a file; empty for nothing."""
    if path.suffix == ".jpeg":
        done = subprocess.run(["djpeg", "-outfile", "/dev/null", path], capture_output=True, text=True, errors="replace")
        return done.stderr.strip()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            Image.open(path).load()
    except Exception as error:  # Whatever it is, it is a complaint.
        return repr(error)
    return ""


def main():
    kizumi = Path(sys.argv[1]).resolve()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    random.seed(seed)
    numpy.random.seed(seed)
    with tempfile.TemporaryDirectory() as folder:
        normal, mutants = Path(folder, "normal"), Path(folder, "mutants")
        normal.mkdir()
        mutants.mkdir()
        for number in range(12):
            photo().save(normal / f"{number}.png")
        complaints = {}
        for number in range(count):
            name, damage = list(FORMATS)[number % 5], DAMAGES[number // 5 % 5]
            kind, options = FORMATS[name]
            whole = encoded(kind, random.choice(options))
            file = damaged(whole, damage)
            path = mutants / f"{number:05}_{damage}.{name}"
            if file != whole:
                path.write_bytes(file)
                complaints[path.name] = complaint(path)
        model, out = Path(folder, "model.safetensors"), Path(folder, "out")
        train = [kizumi, "train", normal, "--out", model, "--features-only"]
        subprocess.run(train, check=True, capture_output=True)
        inspect = [kizumi, "inspect", model, mutants, "--out", out, "--pictures", "none"]
        done = subprocess.run(inspect, capture_output=True, text=True, errors="replace")
        rows = (out / "results.jsonl").read_text().splitlines()
        rows = [json.loads(row) for row in rows]
        marked = {Path(row["path"]).name for row in rows if "doubtful-file" in (row["reasons"] or "")}
        scored = {Path(row["path"]).name for row in rows} - marked
    table, wrong = Counter(), []
    for name, words in complaints.items():
        damage, form = name.split("_")[1].split(".")
        table[form, damage, "made"] += 1
        table[form, damage, "complained about"] += bool(words)
        table[form, damage, "scored"] += name in scored
        table[form, damage, "marked"] += name in marked
        if name in scored and (words or damage == "cut"):
            wrong.append(f"{name} is scored: {words or 'cut off'}")
    columns = ["made", "complained about", "marked", "scored"]
    print("format damage", *columns, sep="\t")
    for form in FORMATS:
        for damage in DAMAGES:
            print(form, damage, *(table[form, damage, column] for column in columns), sep="\t")
    wrong += [line for line in done.stderr.splitlines() if "panicked" in line]
    print(*wrong, f"{len(complaints)} mutants, status {done.returncode}, {len(wrong)} wrong", sep="\n")
    return 1 if wrong or not scored else 0


if __name__ == "__main__":
    sys.exit(main())
