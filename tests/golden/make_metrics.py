#!/usr/bin/env python3
"""Makes the figures that the tests compare Kizumi's evaluation with: scikit-learn, scipy and numpy, float64.

    python3 -m venv VENV && VENV/bin/pip install numpy scipy scikit-learn
    VENV/bin/python make_metrics.py            # rewrites metrics.json beside it

metrics.json is a list of cases, each with images and the figures over them. An image has a kind ("good" or a
defect), the size of its file [width, height], the network's canvas [width, height], the rectangle of the canvas
that holds it [x, y, width, height], a map over the canvas, an image score, and for defects a mask as large as
the file, "#" for defective. Values are exact in float32.

The figures are those of the map enlarged to the file's size, bilinear between pixel centres and constant beyond
the outermost ones. Region overlap is by definition: every different value is tried as the threshold.

    ties       values are 64ths, far apart in Kizumi's bins; maps as large as their files; many ties
    dense      any float32, so that some share a bin; maps as large as their files
    enlarged   maps of 12 x 12, stretched or letterboxed, for files of other sizes
"""
import json
import pathlib

import numpy as np
from scipy.ndimage import gaussian_filter, label
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

HERE = pathlib.Path(__file__).parent
LIMIT = 0.3
TOUCHING = np.ones((3, 3))  # pixels that touch at a corner are one region


def enlarged(values, canvas, rectangle, size):
    x, y, width, height = rectangle
    inner = values.reshape(canvas[1], canvas[0])[y:y + height, x:x + width]

    def centres(length, inner_length):
        return (np.arange(length) + 0.5) * inner_length / length - 0.5

    # np.interp is constant beyond the ends.
    columns = centres(size[0], width)
    wide = np.array([np.interp(columns, np.arange(width), row) for row in inner])
    rows = centres(size[1], height)
    return np.array([np.interp(rows, np.arange(height), column) for column in wide.T]).T


def aupro(maps, masks):
    normal = np.concatenate([map_[~mask] for map_, mask in zip(maps, masks)])
    regions = []
    for map_, mask in zip(maps, masks):
        labels, count = label(mask, TOUCHING)
        regions += [map_[labels == number] for number in range(1, count + 1)]
    if not regions or not normal.size:
        return None
    rates, overlaps = [0.0], [0.0]
    for threshold in np.unique(np.concatenate([normal, *regions]))[::-1]:
        rates.append(np.mean(normal >= threshold))
        overlaps.append(np.mean([np.mean(region >= threshold) for region in regions]))
    rates, overlaps = np.array(rates), np.array(overlaps)
    # Straight between points, cut off at the limit; at one rate the curve goes up.
    at_limit = np.searchsorted(rates, LIMIT, side="right")
    cut = np.interp(LIMIT, rates[at_limit - 1:at_limit + 1], overlaps[at_limit - 1:at_limit + 1])
    rates, overlaps = np.append(rates[:at_limit], LIMIT), np.append(overlaps[:at_limit], cut)
    return np.trapezoid(overlaps, rates) / LIMIT


def best_f1(truth, scores):
    precision, recall, thresholds = precision_recall_curve(truth, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    best = f1.max()
    # The highest of the thresholds that do as well; flagged is >= there, so the one below is not.
    flagged = thresholds[np.flatnonzero(f1[:-1] >= best - 1e-12)[-1]]
    below = scores[scores < flagged]
    return {"f1": best, "threshold": below.max() if below.size else np.nextafter(np.float32(flagged), np.float32(-1))}


def figures(images):
    measured = [image for image in images if image["kind"] == "good" or image["mask"] is not None]
    maps = [image["enlarged"] for image in measured]
    masks = [np.zeros(map_.shape, bool) if image["kind"] == "good" else image["mask"]
             for image, map_ in zip(measured, maps)]
    pixels, truth = np.concatenate([map_.ravel() for map_ in maps]), np.concatenate([m.ravel() for m in masks])
    scores = np.array([image["score"] for image in images])
    defective = np.array([image["kind"] != "good" for image in images])
    both = truth.any()
    return {
        "pixel_auroc": roc_auc_score(truth, pixels) if both else None,
        "pixel_average_precision": average_precision_score(truth, pixels) if both else None,
        "pixel_best_f1": best_f1(truth, pixels) if both else None,
        "aupro": aupro(maps, masks),
        "image_auroc": roc_auc_score(defective, scores),
        "image_average_precision": average_precision_score(defective, scores),
        "image_best_f1": best_f1(defective, scores),
    }


def blobs(random, size, count, largest):
    """A mask of some squares, diagonal lines and single pixels."""
    mask = np.zeros((size[1], size[0]), bool)
    for _ in range(count):
        side = random.integers(1, largest + 1)
        x, y = random.integers(0, size[0] - side + 1), random.integers(0, size[1] - side + 1)
        if random.random() < 0.5:
            mask[y:y + side, x:x + side] = True
        else:
            mask[range(y, y + side), range(x, x + side)] = True
    return mask


def image(random, kind, size, canvas, rectangle, quantum, with_mask=True):
    defective = kind != "good"
    mask = blobs(random, size, 4, max(size) // 4) if defective else None
    noise = gaussian_filter(random.random((canvas[1], canvas[0])), 0.7)
    values = noise
    if defective:
        # Where the mask lies on the canvas, roughly; hardly visible in "faint".
        x, y, width, height = rectangle
        rows = (np.arange(height) * size[1] / height).astype(int)
        columns = (np.arange(width) * size[0] / width).astype(int)
        values = noise.copy()
        values[y:y + height, x:x + width] += (0.1 if kind == "faint" else 0.35) * mask[np.ix_(rows, columns)]
    if quantum:
        values = np.round(values / quantum) * quantum
    values = values.astype(np.float32).astype(np.float64).ravel()
    made = {"kind": kind, "size": size, "canvas": canvas, "rectangle": rectangle, "map": values,
            "score": float(values.max()), "mask": mask if with_mask else None}
    made["enlarged"] = enlarged(values, canvas, rectangle, size)
    return made


def plain(value):
    """For JSON: shortest digits that give the same float32, masks as text."""
    if isinstance(value, np.ndarray) and value.dtype == bool:
        return ["".join("#" if one else "." for one in row) for row in value]
    if isinstance(value, np.ndarray):
        return [float(str(np.float32(one))) for one in value]
    return float(value)


def case(name, images):
    kinds = sorted({image["kind"] for image in images} - {"good"})
    of = lambda kind: [image for image in images if image["kind"] in ("good", kind)]
    return {
        "name": name,
        "images": [{key: value for key, value in image.items() if key != "enlarged"} for image in images],
        "all": figures(images),
        "kinds": {kind: figures(of(kind)) for kind in kinds},
    }


def main():
    random = np.random.default_rng(7)

    def same(kind, size, quantum, **more):
        return image(random, kind, size, size, [0, 0, *size], quantum, **more)

    ties = [same(kind, size, 1 / 64) for kind, size in [
        ("good", [14, 11]), ("good", [9, 12]), ("hole", [14, 11]), ("hole", [16, 13]), ("faint", [12, 15])]]
    ties.append(same("faint", [10, 10], 1 / 64, with_mask=False))
    dense = [same(kind, [26, 22], 0) for kind in ("good", "good", "hole", "faint")]
    placed = [("good", [31, 20], [0, 0, 12, 12]), ("good", [9, 7], [0, 0, 12, 12]),
              ("hole", [40, 20], [0, 3, 12, 6]), ("hole", [25, 33], [0, 0, 12, 12]),
              ("faint", [17, 51], [4, 0, 4, 12])]
    enlarged_ = [image(random, kind, size, [12, 12], rectangle, 0) for kind, size, rectangle in placed]
    cases = [case("ties", ties), case("dense", dense), case("enlarged", enlarged_)]
    text = json.dumps(cases, default=plain, separators=(",", ":"))
    (HERE / "metrics.json").write_text(text + "\n")
    for made in cases:
        regions = [label(image["mask"], TOUCHING)[1] for image in made["images"] if image["mask"] is not None]
        print(made["name"], "regions", regions, json.dumps(made["all"], default=plain))
    print(len(text), "bytes")


main()
