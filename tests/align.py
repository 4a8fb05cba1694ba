#!/usr/bin/env python3
"""Holds alignment to where parts were put, and detection on parts that lie anywhere to that on parts that do not.

    align.py KIZUMI FOLDER [SEED]

Needs numpy, scipy and Pillow. Makes photographs of 3000 x 2000 pixels of the sample washers in FOLDER: 40 normal ones
to learn from and 60 to test with, once in the middle (`centred`) and once shifted by up to 15 % of the picture either
way and turned by up to 180 degrees (`moved`), each pair on the same ground, which is plain, shaded, woven or
littered. Trains a model by features on each, with --align on the second, and asks `kizumi locate` where the parts
are. Prints how many are found within 1 % of the picture and 2 degrees, the errors, the pixel AUROC of both sets, and
their image AUROC on all grounds and on those without pattern (plain, shaded). Ends with 1 unless 98 of 100 are found and
each figure of the moved parts is at most .02 below that of the centred ones. It may be far above: beside an aligned part
the ground is left out, and on woven and littered ground it has the highest scores of the centred ones.

The washers of the samples are themselves turned by some degrees, which their letters tell: rings around each
centre are unrolled and compared with their mean.
"""
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage, optimize

WIDTH, HEIGHT = 3000, 2000
SCALE = 11.5  # pixels of a photograph for one of a sample
GROUNDS = ["plain", "shaded", "woven", "littered"]
NORMAL = 40
FEATURES = ["--features-only", "--device", "cpu"]


def along(circle, angles):
    x, y, radius = circle
    return y + radius * np.sin(angles), x + radius * np.cos(angles)


def edge(gradients, circle):
    """How steep the picture is along a circle, in the direction of its radius."""
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    across, down = (ndimage.map_coordinates(part, along(circle, angles), order=1) for part in gradients)
    return np.minimum(np.abs(across * np.cos(angles) + down * np.sin(angles)), 40).mean()


def circles(grey):
    """Centre and outer and inner radius of the washer of a sample."""
    down, across = np.gradient(ndimage.gaussian_filter(grey, 1))
    steep = lambda circle: -edge((across, down), circle)
    starts = [(x, y, r) for x in range(56, 73, 3) for y in range(56, 73, 3) for r in (48, 50, 52)]
    start = min(starts, key=steep)
    simplex = np.add(start, [(0, 0, 0), (2, 0, 0), (0, 2, 0), (0, 0, 2)])
    x, y, outer = optimize.minimize(steep, start, method="Nelder-Mead", options={"initial_simplex": simplex}).x
    inner = min(np.arange(16, 27, 0.5), key=lambda radius: steep((x, y, radius)))
    return x, y, outer - 0.6, inner - 0.5


def unrolled(grey, washer):
    """The rings with the letters, every half degree, without the light that falls on them."""
    angles = np.radians(np.arange(0, 360, 0.5))
    rings = [along((*washer[:2], share * washer[2]), angles) for share in np.linspace(0.5, 0.92, 40)]
    rings = ndimage.map_coordinates(grey, np.stack(rings, 1), order=3)
    return rings - ndimage.gaussian_filter(rings, (0, 8), mode="wrap")


def own_turns(samples):
    """How far the letters of each sample are turned against those of the others, in degrees."""
    rings = [unrolled(grey, washer) for grey, washer in samples]
    spectra = [np.fft.fft(ring, axis=1) for ring in rings]
    mean, reach = rings[0], 60
    for _ in range(6):
        turns = []
        for spectrum in spectra:
            alike = np.fft.ifft(spectrum * np.conj(np.fft.fft(mean, axis=1)), axis=1).real.sum(0)
            alike = np.r_[alike[-reach:], alike[: reach + 1]]
            best = int(np.clip(alike.argmax(), 1, 2 * reach - 1))
            before, here, after = alike[best - 1 : best + 2]
            turns.append((best + (before - after) / (2 * (before - 2 * here + after)) - reach) / 2)
        shifted = [ndimage.shift(ring, (0, -2 * turn), mode="wrap", order=1) for ring, turn in zip(rings, turns)]
        mean = np.mean(shifted, 0)
    return turns


def ground(random, kind):
    colour = random.uniform(40, 170) + random.uniform(-15, 15, 3)
    y, x = np.mgrid[0 : HEIGHT // 4, 0 : WIDTH // 4].astype(np.float32)
    pixels = np.ones((*x.shape, 3), np.float32) * colour
    angle = random.uniform(0, 2 * np.pi)
    if kind in ("shaded", "littered"):
        shade = x / x.max() * math.cos(angle) + y / y.max() * math.sin(angle)
        pixels += (shade * random.uniform(20, 70))[..., None]
    if kind == "woven":
        cloth = ndimage.gaussian_filter(random.normal(size=x.shape), random.uniform(1, 4))
        threads = np.sin(random.uniform(0.2, 0.6) * (x * math.cos(angle) + y * math.sin(angle)))
        pixels += (cloth / cloth.std() * random.uniform(4, 9) + threads * random.uniform(0, 5))[..., None]
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).resize((WIDTH, HEIGHT), Image.BICUBIC)
    if kind == "littered":
        draw = ImageDraw.Draw(image)
        for _ in range(random.integers(4, 10)):
            x, y = random.uniform(0, WIDTH), random.uniform(0, HEIGHT)
            fill = tuple(int(part) for part in np.clip(colour + random.uniform(-40, 40, 3), 0, 255))
            if random.random() < 0.5:
                angle, length = random.uniform(0, 2 * np.pi), random.uniform(200, 1500)
                end = (x + length * math.cos(angle), y + length * math.sin(angle))
                draw.line((x, y, *end), fill=fill, width=int(random.uniform(4, 25)))
            else:
                radius = random.uniform(20, 120)
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
        image = image.filter(ImageFilter.GaussianBlur(2))
    return np.asarray(image, np.float32).copy()


def photograph(sample, mask, washer, pose, random, kind):
    """The washer with its centre at x, y, turned clockwise; and its mask, if it has one."""
    (centre_x, centre_y, outer, inner), (x, y, degrees) = washer, pose
    pixels = ground(random, kind)
    reach = int(outer * SCALE + 40)
    box = np.s_[max(0, int(y) - reach) : int(y) + reach, max(0, int(x) - reach) : int(x) + reach]
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH][(slice(None), *box)].astype(np.float32) + 0.5
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    right, down = (columns - x) / SCALE, (rows - y) / SCALE
    right, down = cos * right + sin * down, cos * down - sin * right
    radius = np.hypot(right, down)
    cover = np.clip((outer - radius) * SCALE / 3 + 0.5, 0, 1) * np.clip((radius - inner) * SCALE / 3 + 0.5, 0, 1)
    at = (centre_y + down - 0.5, centre_x + right - 0.5)
    part = [ndimage.map_coordinates(sample[..., i].astype(np.float32), at, order=3, mode="nearest") for i in range(3)]
    shadow = np.roll(ndimage.gaussian_filter(cover, 12), (10, 6), (0, 1))
    below = pixels[box] * (1 - 0.35 * shadow)[..., None]
    pixels[box] = below * (1 - cover[..., None]) + np.stack(part, -1) * cover[..., None]
    pixels = pixels * random.uniform(0.8, 1.15) + random.normal(size=(HEIGHT, WIDTH, 1)) * 2.5
    marked = None
    if mask is not None:
        marked = np.zeros((HEIGHT, WIDTH), np.uint8)
        inside = ndimage.map_coordinates(mask.astype(np.float32), at, order=1) > 127
        marked[box] = 255 * (inside & (cover > 0.02))
    return np.clip(pixels, 0, 255).astype(np.uint8), marked


def sample_files(folder):
    samples = folder / "samples" / "washer"
    normal = sorted((samples / "train/good").glob("*.png"))[:NORMAL]
    return samples, normal + sorted((samples / "test").glob("*/*.png"))


def make(program, folder, seed):
    """Both sets, and where the moved parts lie: x, y and turn by the file's path."""
    subprocess.run([program, "sample-data", folder / "samples"], check=True)
    samples, files = sample_files(folder)
    greys = [np.asarray(Image.open(file).convert("L"), float) for file in files]
    washers = [circles(grey) for grey in greys]
    turns = own_turns(list(zip(greys, washers)))
    truth = {}
    for i, (file, washer, turn) in enumerate(zip(files, washers, turns)):
        mask = samples / "ground_truth" / file.parent.name / f"{file.stem}_mask.png"
        mask = np.asarray(Image.open(mask).convert("L")) if mask.is_file() else None
        random = np.random.default_rng([seed, i, 0])
        middle = (WIDTH / 2, HEIGHT / 2)
        shift = random.uniform(-0.15, 0.15, 2) * (WIDTH, HEIGHT)
        poses = {"centred": (*middle, 0.0), "moved": (*(middle + shift), random.uniform(-180, 180))}
        for name, pose in poses.items():
            same = np.random.default_rng([seed, i, 1])
            sample = np.asarray(Image.open(file).convert("RGB"))
            image, marked = photograph(sample, mask, washer, pose, same, GROUNDS[i % len(GROUNDS)])
            path = folder / name / file.relative_to(samples).with_suffix(".jpg")
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(path, quality=93)
            if marked is not None:
                truths = folder / name / "ground_truth" / file.parent.name
                truths.mkdir(parents=True, exist_ok=True)
                Image.fromarray(marked).save(truths / f"{file.stem}_mask.png", compress_level=1)
            if name == "moved":
                truth[str(path.relative_to(folder))] = (pose[0], pose[1], pose[2] + turn)
    (folder / "truth.json").write_text(json.dumps(truth))


def run(*command):
    return subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True)


def errors(program, folder, truth):
    """By how much each part is found beside where it is: across, down, degrees. Only what they all have in common is
    taken off: the centre of the template is not exactly that of the washer, nor is its turn."""
    ran = run(program, "locate", folder / "moved.safetensors", folder / "moved/train", folder / "moved/test", "--json", "--device", "cpu")
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    found = {str(Path(row["path"]).relative_to(folder)): row for row in rows}
    turned = lambda degrees: (degrees + 180) % 360 - 180
    known = [(found[name], *truth[name]) for name in truth if name in found]
    turn = [turned(row["turn_degrees"] - degrees) for row, _, _, degrees in known]
    common = np.degrees(np.angle(np.exp(1j * np.radians(turn)).mean()))
    # The offset of the template's centre turns with the part.
    off = [complex(row["x"] - x, row["y"] - y) * np.exp(-1j * math.radians(degrees)) for row, x, y, degrees in known]
    centre = complex(np.median(np.real(off)), np.median(np.imag(off)))
    off = [one - centre for one in off]
    worst = [(abs(one.real), abs(one.imag), abs(turned(degrees - common))) for one, degrees in zip(off, turn)]
    return np.array(worst + [(WIDTH, HEIGHT, 180.0)] * (len(truth) - len(known)))


def inspected(program, folder, name):
    """Whether each test image of a set is normal, its ground and its score."""
    samples, files = sample_files(folder)
    ground_of = {file.relative_to(samples).with_suffix(""): GROUNDS[i % len(GROUNDS)] for i, file in enumerate(files)}
    model, test = folder / f"{name}.safetensors", folder / name / "test"
    ran = run(program, "inspect", model, test, "--out", folder / "results", "--pictures", "none", "--device", "cpu", "--json")
    for row in map(json.loads, ran.stdout.splitlines()):
        place = Path(row["path"]).relative_to(folder / name).with_suffix("")
        yield place.parent.name == "good", ground_of[place], row["projected_score"]


def auroc(images, grounds):
    """How well the scores of images on some grounds tell defective from normal."""
    scores = lambda wanted: [score for is_normal, ground, score in images if is_normal == wanted and ground in grounds]
    above = np.subtract.outer(scores(False), scores(True))
    return (above > 0).mean() + (above == 0).mean() / 2


def main():
    program, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "truth.json").is_file():
        make(program, folder, int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    truth = json.loads((folder / "truth.json").read_text())
    side = 1320
    crop = f"{WIDTH // 2 - side // 2},{HEIGHT // 2 - side // 2},{side},{side}"
    for name, how in [("centred", ["--crop", crop]), ("moved", ["--align"])]:
        ran = run(program, "train", folder / name, "--out", folder / f"{name}.safetensors", *FEATURES, *how)
        if ran.returncode:
            sys.exit(f"align.py: {ran.stderr}")
    beside = errors(program, folder, truth)
    found = (beside <= (0.01 * WIDTH, 0.01 * HEIGHT, 2)).all(1)
    print(f"{found.sum()} of {len(beside)} parts found within 1 % of the picture and 2 degrees")
    print("median error {:.1f}, {:.1f} px, {:.2f} degrees; largest {:.1f}, {:.1f} px, {:.2f} degrees".format(*np.median(beside, 0), *beside.max(0)))
    pixels, differs = [], False
    for name in ("centred", "moved"):
        ran = run(program, "evaluate", folder / f"{name}.safetensors", folder / name, "--json", "--device", "cpu")
        pixels.append(json.loads(ran.stdout.splitlines()[-1])["projected"]["pixel_auroc"])
    sets = [list(inspected(program, folder, name)) for name in ("centred", "moved")]
    of_images = lambda grounds: [auroc(images, grounds) for images in sets]
    for figure, (before, after) in [
        ("pixel AUROC", pixels),
        ("image AUROC without pattern on the ground", of_images(GROUNDS[:2])),
        ("image AUROC", of_images(GROUNDS)),
    ]:
        differs |= before - after > 0.02
        print(f"{figure}: centred {before:.3f}, moved {after:.3f}")
    sys.exit(int(found.mean() < 0.98 or differs))


if __name__ == "__main__":
    main()
