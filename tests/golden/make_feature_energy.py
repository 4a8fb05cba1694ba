#!/usr/bin/env python3
"""Makes golden_features.safetensors: the projection with the features of the frozen network, computed in float64.

    (the packages in the head of assets/features/export.py)
    VENV/bin/python tests/golden/make_feature_energy.py

E(x) = sum (x - f(x))^2 + lambda sum (x - x0)^2 + omega D(x). D(x) is the sum over patches of |phi - n|^2 / unit^2: phi, the
features (make_features.py, stored weights) of x enlarged bilinearly (align_corners=False) to 256 pixels; n, the nearest of
`patches`, held fixed for the gradient. The gate of features is clamp((sqrt(D of a patch at x0) enlarged to the picture - 1) /
0.4, 0, 1), each pixel the largest of the 3 x 3 around it (2 px of 128 are 1 of 64), smoothed by a Gaussian of 0.5 px that is cut
at 2 and mirrored at the edge; that of both is multiplied by (x_t - f(x_t))^2. f is not held fixed. x_{t+1} = clamp(x_t - clamp(alpha dE/dx * gate, -0.1, 0.1), 0, 1).

The networks f are the golden models M = grey, rgb, their x0 is that of golden_M.safetensors.

    patches                f16 [24, 152]     the memory: features of places of both xt, rounded
    unit                   f32 [1]
    alpha, omega, lambda   f64 [1]
    M.distance             f64 [1]           D(x0)
    M.distance_gradient    f32 [rows, 64]    dD/dx at x0; every third row of a channel, as in make_golden.py
    M.G.scalars            f64 [6, 5]        for t = 0..5, G = features, both: E, L_r, R, D, largest |x_t - x_{t-1}|
    M.G.5                  f32 [rows, 64]    x_5
"""
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from scipy.ndimage import gaussian_filter

from check_model import load_model
from make_features import stored
from make_golden import HERE, rows, scalar

SIDE = 256
SETTINGS = {"alpha": 0.03, "omega": 0.005, "lambda": 0.05}  # longer steps part at a last digit


def enlarged(x, side):
    return F.interpolate(x, size=(side, side), mode="bilinear", align_corners=False)


def features(x):
    """[rows, columns, 152]."""
    return stored(enlarged(x.expand(-1, 3, -1, -1), SIDE))


def distances(x, patches, unit):
    """D of each patch, [rows, columns]."""
    own = features(x)
    flat = own.reshape(-1, own.shape[-1])
    nearest = torch.cdist(flat.detach(), patches).argmin(1)
    return (((flat - patches[nearest]) ** 2).sum(1) / unit**2).reshape(own.shape[:2])


def project(model, x0, patches, unit, both):
    """x_5 and the scalars of all iterates."""
    with torch.no_grad():
        far = distances(x0, patches, unit).sqrt()
        ramp = ((enlarged(far[None, None], x0.shape[-1]) - 1) / 0.4).clamp(0, 1)
        widened = F.max_pool2d(ramp, 3, 1, 1)[0, 0].numpy()
        gate_of_features = torch.from_numpy(gaussian_filter(widened, 0.5, mode="reflect", truncate=4))
    x, before, lines = x0, x0, []
    for t in range(6):
        x = x.detach().requires_grad_(True)
        f = model(x)
        parts = (x - f).square().sum(), (x - x0).square().sum(), distances(x, patches, unit).sum()
        energy = parts[0] + SETTINGS["lambda"] * parts[1] + SETTINGS["omega"] * parts[2]
        gradient, = torch.autograd.grad(energy, x)
        lines.append([value.item() for value in (energy, *parts, (x - before).abs().max())])
        if t == 5:
            return x.detach(), torch.tensor(lines, dtype=torch.float64)
        with torch.no_grad():
            gate = gate_of_features * ((x - f) ** 2 if both else 1)
            before, x = x, (x - (SETTINGS["alpha"] * gradient * gate).clamp(-0.1, 0.1)).clamp(0, 1)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(11)
    pictures = {name: load_file(HERE / f"golden_{name}.safetensors") for name in ("grey", "rgb")}
    picture = lambda name, which: pictures[name][which].double()[None] / 256
    with torch.no_grad():
        known = [features(picture(name, "xt")).reshape(-1, 152) for name in pictures]
    known = torch.cat([one[torch.randperm(len(one))[:12]] for one in known]).half()
    patches = known.double()
    with torch.no_grad():
        far = distances(picture("rgb", "x0"), patches, 1.0).sqrt()
    unit = far.flatten().kthvalue(far.numel() * 4 // 10).values.float()
    golden = {"patches": known, "unit": unit[None]} | {name: scalar(value) for name, value in SETTINGS.items()}
    for name in pictures:
        model = load_model(HERE / f"model_{name}.safetensors").double()
        x0 = picture(name, "x0").requires_grad_(True)
        distance = distances(x0, patches, unit.double()).sum()
        slope, = torch.autograd.grad(distance, x0)
        golden |= {f"{name}.distance": scalar(distance.item()), f"{name}.distance_gradient": rows(slope)}
        for gate in ("features", "both"):
            last, lines = project(model, x0.detach(), patches, unit.double(), gate == "both")
            golden |= {f"{name}.{gate}.scalars": lines, f"{name}.{gate}.5": rows(last)}
            print(name, gate, lines)
    save_file({name: tensor.detach().contiguous() for name, tensor in golden.items()}, HERE / "golden_features.safetensors")


if __name__ == "__main__":
    main()
