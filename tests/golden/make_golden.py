#!/usr/bin/env python3
"""Makes the golden values that the tests compare Kizumi with: tiny networks computed in float64.

    python3 -m venv VENV && VENV/bin/pip install torch numpy safetensors
    VENV/bin/python make_golden.py            # rewrites the five .safetensors beside it

model_{grey,rgb}.safetensors are Kizumi model files: 64 x 64, latent 3, width 2, channels 1 or 3,
random weights in float32. golden_{grey,rgb}.safetensors hold what the network of check_model.py,
its weights cast to float64, makes of the inputs below.

Inputs are exact in every float type. Pictures are stored as bytes: **x = byte / 256**.
    x0           u8  [C, 64, 64]
    xt           u8  [C, 64, 64]   a point to take gradients at; equals x0 in the upper left quarter,
                                   so the L1 term's sign(0) = 0 counts
    noise        f32 [3, 2, 3]     latent noise eps of the three training steps, [step, image, latent]

Settings, f64 [1] each: alpha_weighted, alpha_plain, lambda, beta, learning_rate, adam_beta1,
adam_beta2, adam_epsilon, weight_decay.

Outputs. Pictures keep **every third row of [C * 64, 64]**, that is rows 0, 3, 6, ..: both parities,
both borders; f32, rounded from float64. Sums (f64) run over all pixels and channels.
    mean, log_variance             f64 [3]        of x0's latent
    reconstruction                 f32 [rows, 64] f(x0), through the latent mean
    reconstruction_error           f64 [1]        L_r(x0) = sum (x0 - f(x0))^2
    kl                             f64 [1]        of x0: sum (mean^2 + exp(log_variance) - log_variance - 1) / 2
    l1.energy, l2.energy           f64 [1]        E(xt) = L_r(xt) + lambda * (sum |xt - x0| or sum (xt - x0)^2)
    l1.gradient, l2.gradient       f32 [rows, 64] dE/dx at xt, through f; sign(0) = 0
    {weighted,plain}.scalars       f64 [6, 5]     t = 0..5 from x0 with L1; columns: E, L_r, sum |x_t - x0|,
                                                  |f(x_t) - f(x0)|_2, largest |x_t - x_{t-1}| (0 for t = 0)
    {weighted,plain}.{1..5}        f32 [rows, 64] x_{t+1} = clamp(x_t - alpha * dE/dx * g, 0, 1), where g is
                                                  (x_t - f(x_t))^2 or 1
To stay small, grey has only 5 of plain, and rgb only weighted.5 and no l2.gradient.
Training, grey only: batch (x0, xt), z = mean + noise[step] * exp(log_variance / 2),
loss = (sum (x - decode(z))^2 + beta * KL) / 2, Adam with weight_decay * weight added to the gradient.
    train.losses                   f64 [3, 3]     steps 0..2, each before its update; columns: the sum of
                                                  squares / 2, KL / 2, loss
    train.gradient.NAME            f32            of the loss at step 0, without weight decay
    train.step{1,3}.NAME           f32            the weights after one and after three steps

golden_distances.safetensors holds more of the grey network: other reconstruction terms L_r and other
objectives. D is absolute, sum |x - f|; cross_entropy, -sum (x ln f + (1 - x) ln (1 - f)); or dissimilarity,
sum (1 - SSIM), with a Gaussian window of 11 x 11 and sigma 1.5 whose weights in the picture sum to one.
    D.energy                       f64 [2]        L_r(xt) and E(xt), with L1
    D.gradient                     f32 [rows, 64] dE/dx at xt, through f and directly
Training objectives O, of the batch (x0, xt) onto itself: autoencoder, sum (x - f)^2; gamma_vae, sum (x - f)^2
/ (2 gamma^2) + V log gamma + KL, V values in the batch, gamma^2 at its minimum, with noise[0]; dssim,
sum (1 - SSIM). restoring is sum (x0 - f(xt))^2, a batch of one. Divided by the images of the batch.
    O.losses                       f64 [3]        L_r, KL, loss; each divided so
    O.gradient.NAME                f32            of the loss
golden_skips.safetensors: the grey model with N = 1 and 4 skip connections:
    N.reconstruction, N.gradient   f32 [rows, 64] f(x0), and dE/dx at xt with L1
"""
import json
import math
import pathlib

import numpy as np
import torch
from safetensors.torch import save_file

from check_model import SLOPE, Vae, load_model

HERE = pathlib.Path(__file__).parent
SIZE, LATENT, WIDTH = 64, 3, 2
SETTINGS = {
    "alpha_weighted": 0.5, "alpha_plain": 0.005, "lambda": 0.05, "beta": 0.5, "learning_rate": 2e-4,
    "adam_beta1": 0.5, "adam_beta2": 0.999, "adam_epsilon": 1e-8, "weight_decay": 1e-5}
TRACKED = [  # the weights whose training is recorded: convolutions, transposed ones, biases, the latent
    "encoder.0.weight", "encoder.0.bias", "encoder.5.weight", "mean.weight", "mean.bias",
    "log_variance.weight", "log_variance.bias", "decoder.0.weight", "decoder.3.weight",
    "decoder.4.weight", "decoder.8.weight", "decoder.8.bias"]
DISTANCES = ("absolute", "cross_entropy", "dissimilarity")
OBJECTIVES = ("autoencoder", "gamma_vae", "dssim", "restoring")
TRACKED_OF_OBJECTIVES = ["encoder.0.weight", "mean.weight", "log_variance.bias", "decoder.8.weight", "decoder.8.bias"]


def metadata(channels):
    """The JSON header of a Kizumi model file."""
    network = {"channels": channels, "size_px": SIZE, "latent": LATENT, "width": WIDTH}
    header = {"format": 1, "program": "make_golden.py", "network": network, "data": {"size_px": SIZE}}
    return {"kizumi": json.dumps(header)}


def write_model(path, channels, gain, rng):
    """A model file of random weights, `gain` times He's initialisation."""
    model = Vae(channels, WIDTH, LATENT, SIZE)
    tensors = {}
    for name, module in model.named_modules():
        if not hasattr(module, "weight"):
            continue
        fan_in = module.in_channels * math.prod(module.kernel_size)
        if isinstance(module, torch.nn.ConvTranspose2d):
            # Each output pixel sees this many: the first one's input is a single pixel.
            fan_in = module.in_channels * (1 if name == "decoder.0" else 4)
        scale = (2 if name == "log_variance" else gain) * math.sqrt(2 / (1 + SLOPE**2))
        tensors[f"{name}.weight"] = rng.normal(0, scale / math.sqrt(fan_in), tuple(module.weight.shape))
        tensors[f"{name}.bias"] = rng.normal(0, 0.1, tuple(module.bias.shape))
    tensors = {name: torch.from_numpy(values.astype(np.float32)) for name, values in tensors.items()}
    save_file(tensors, path, metadata(channels))


def make_pictures(channels, rng):
    """x0, a lit disc on a gradient, and xt, the same with another disc and noise in places: bytes."""
    y, x = np.mgrid[:SIZE, :SIZE] / (SIZE - 1)
    tint = np.array([1.0, 0.8, 0.6])[:channels, None, None]
    disc = ((x - 0.55) ** 2 + (y - 0.45) ** 2 < 0.09).astype(float)
    x0 = tint * (0.15 + 0.5 * x * y + 0.4 * disc * (0.4 + 0.6 * y)) + rng.normal(0, 0.05, (channels, SIZE, SIZE))
    x0[:, 40:44, 8:24] = 0.0  # a scratch and a glint at the ends of the range, where the clamp acts
    x0[:, 10:12, 30:50] = 1.0
    xt = x0 + 0.25 * ((x - 0.7) ** 2 + (y - 0.7) ** 2 < 0.04) + rng.normal(0, 0.03, x0.shape)
    xt[:, : SIZE // 2, : SIZE // 2] = x0[:, : SIZE // 2, : SIZE // 2]

    def to_bytes(picture):
        return torch.from_numpy(np.rint(picture * 256).clip(0, 255).astype(np.uint8))

    return to_bytes(x0), to_bytes(xt)


def regularisers(x, x0):
    return {"l1": (x - x0).abs().sum(), "l2": (x - x0).square().sum()}


def window_matrix(size):
    """Row i: the SSIM's Gaussian window along an axis around i; its weights in the picture sum to one."""
    away = torch.arange(size, dtype=torch.float64)[:, None] - torch.arange(size, dtype=torch.float64)
    weights = torch.exp(-(away**2) / (2 * 1.5**2)) * (away.abs() <= 5)
    return weights / weights.sum(dim=1, keepdim=True)


def dissimilarity(x, y):
    """The sum of 1 - SSIM over pixels, channels and images (Wang et al. 2004, K1 = 0.01, K2 = 0.03)."""
    window = window_matrix(x.shape[-1])
    mean_x, mean_y, squares_x, squares_y, product = (
        window @ picture @ window.T for picture in (x, y, x * x, y * y, x * y))
    variances = squares_x - mean_x**2 + squares_y - mean_y**2
    luminance = (2 * mean_x * mean_y + 0.01**2) / (mean_x**2 + mean_y**2 + 0.01**2)
    structure = (2 * (product - mean_x * mean_y) + 0.03**2) / (variances + 0.03**2)
    return (1 - luminance * structure).sum()


def reconstruction_term(x, f, distance):
    """L_r."""
    if distance == "squared":
        return (x - f).square().sum()
    if distance == "absolute":
        return (x - f).abs().sum()
    if distance == "dissimilarity":
        return dissimilarity(x, f)
    assert 2.0**-20 < f.min() and f.max() < 1 - 2.0**-20  # Kizumi keeps f that far from the ends
    return -(x * f.log() + (1 - x) * (1 - f).log()).sum()


def energy(model, x, x0, regulariser, distance="squared"):
    """E and its parts at x."""
    error = reconstruction_term(x, model(x), distance)
    change = regularisers(x, x0)[regulariser]
    return error + SETTINGS["lambda"] * change, error, change


def gradient(model, x, x0, regulariser, distance="squared"):
    """dE/dx through the network. torch's abs has gradient 0 at 0."""
    x = x.detach().requires_grad_(True)
    return torch.autograd.grad(energy(model, x, x0, regulariser, distance)[0], x)[0]


def check_gradient(model, x, x0, regulariser, rng, distance="squared"):
    """The gradient agrees with a central difference along a direction that stays off the L1 kinks."""
    direction = torch.from_numpy(rng.normal(0, 1, tuple(x.shape))) * (x != x0)
    step = 1e-7
    with torch.no_grad():
        ahead, behind = (
            energy(model, x + s * direction, x0, regulariser, distance)[0] for s in (step, -step))
    difference = (ahead - behind).item() / (2 * step)
    analytic = (gradient(model, x, x0, regulariser, distance) * direction).sum().item()
    assert math.isclose(analytic, difference, rel_tol=1e-6), (analytic, difference)


def project(model, x0, weighted, steps=5):
    """The iterates x_0 .. x_steps and their scalars, [steps + 1, 5]."""
    alpha = SETTINGS["alpha_weighted" if weighted else "alpha_plain"]
    iterates, rows = [x0], []
    for t in range(steps + 1):
        x = iterates[t]
        with torch.no_grad():
            reconstruction = model(x)
            shift = (reconstruction - model(x0)).square().sum().sqrt()
            change = (x - iterates[max(t - 1, 0)]).abs().max()
            rows.append([value.item() for value in (*energy(model, x, x0, "l1"), shift, change)])
        gate = (x - reconstruction).square() if weighted else 1.0
        iterates.append((x - alpha * gradient(model, x, x0, "l1") * gate).clamp(0, 1))
    return iterates[: steps + 1], torch.tensor(rows, dtype=torch.float64)


def kl_divergence(mean, log_variance):
    return 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum()


def train(model, batch, noise):
    """Three Adam steps on one batch; returns the golden values named train.* above."""
    adam = torch.optim.Adam(
        model.parameters(), lr=SETTINGS["learning_rate"], eps=SETTINGS["adam_epsilon"],
        betas=(SETTINGS["adam_beta1"], SETTINGS["adam_beta2"]), weight_decay=SETTINGS["weight_decay"])
    golden, losses = {}, []
    for step, eps in enumerate(noise):
        mean, log_variance = model.encode(batch)
        reconstruction = model.decode(mean + eps.reshape(mean.shape) * (0.5 * log_variance).exp())
        error = (batch - reconstruction).square().sum() / len(batch)
        kl = kl_divergence(mean, log_variance) / len(batch)
        loss = error + SETTINGS["beta"] * kl
        losses.append([error.item(), kl.item(), loss.item()])
        adam.zero_grad()
        loss.backward()
        weights = dict(model.named_parameters())
        if step == 0:
            golden |= {f"train.gradient.{name}": weights[name].grad.float() for name in TRACKED}
        adam.step()
        if step in (0, 2):
            golden |= {f"train.step{step + 1}.{name}": weights[name].detach().float() for name in TRACKED}
    return golden | {"train.losses": torch.tensor(losses, dtype=torch.float64)}


def objective_loss(model, name, x0, xt, eps):
    """L_r, KL and the loss of an objective, each divided by the images of its batch."""
    inputs, targets = (xt, x0) if name == "restoring" else (torch.cat([x0, xt]),) * 2
    mean, log_variance = model.encode(inputs)
    latent, kl = mean, torch.zeros((), dtype=torch.float64)
    if name == "gamma_vae":
        latent = mean + eps.reshape(mean.shape) * (0.5 * log_variance).exp()
        kl = kl_divergence(mean, log_variance)
    f = model.decode(latent)
    error = reconstruction_term(targets, f, "dissimilarity" if name == "dssim" else "squared")
    loss = error
    if name == "gamma_vae":
        # At its minimum gamma has no slope, so that it may be taken for a constant.
        gamma = (error / targets.numel()).sqrt().detach()
        loss = error / (2 * gamma**2) + targets.numel() * gamma.log() + kl
    return [value / len(inputs) for value in (error, kl, loss)]


def make_distances(model, x0, xt, eps):
    """The golden values of golden_distances.safetensors."""
    golden, rng = {}, np.random.Generator(np.random.PCG64(5))
    for distance in DISTANCES:
        check_gradient(model, xt, x0, "l1", rng, distance)
        total, error, _ = energy(model, xt, x0, "l1", distance)
        golden[f"{distance}.energy"] = torch.tensor([error.item(), total.item()], dtype=torch.float64)
        golden[f"{distance}.gradient"] = rows(gradient(model, xt, x0, "l1", distance))
    weights = dict(model.named_parameters())
    for name in OBJECTIVES:
        model.zero_grad()
        losses = objective_loss(model, name, x0, xt, eps)
        losses[2].backward()
        golden[f"{name}.losses"] = torch.tensor([value.item() for value in losses], dtype=torch.float64)
        for weight in TRACKED_OF_OBJECTIVES:
            # The head of the log-variance has no part in most objectives.
            if weights[weight].grad is not None:
                golden[f"{name}.gradient.{weight}"] = weights[weight].grad.float()
    save_file(golden, HERE / "golden_distances.safetensors")


def make_skips(path, x0, xt):
    """The golden values of golden_skips.safetensors: f(x0) and, with L1, dE/dx at xt."""
    golden = {}
    for skips in (1, 4):
        model = load_model(path, skips).double()
        golden[f"{skips}.reconstruction"] = rows(model(x0))
        golden[f"{skips}.gradient"] = rows(gradient(model, xt, x0, "l1"))
    save_file(golden, HERE / "golden_skips.safetensors")


def rows(picture):
    """Every third row of a [1, C, 64, 64] picture, f32."""
    return picture.detach().reshape(-1, SIZE)[::3].float().contiguous()


def scalar(value):
    return torch.tensor([value], dtype=torch.float64)


def make(name, channels, gain, seed):
    rng = np.random.Generator(np.random.PCG64(seed))
    x0_bytes, xt_bytes = make_pictures(channels, rng)
    x0, xt = (picture.double()[None] / 256 for picture in (x0_bytes, xt_bytes))
    noise = torch.from_numpy(rng.normal(0, 1, (3, 2, LATENT)).astype(np.float32))
    write_model(HERE / f"model_{name}.safetensors", channels, gain, rng)
    model = load_model(HERE / f"model_{name}.safetensors").double()

    golden = {"x0": x0_bytes, "xt": xt_bytes, "noise": noise}
    golden |= {key: scalar(value) for key, value in SETTINGS.items()}
    with torch.no_grad():
        mean, log_variance = model.encode(x0)
        golden |= {
            "mean": mean.flatten(), "log_variance": log_variance.flatten(),
            "reconstruction": rows(model(x0)), "reconstruction_error": scalar(energy(model, x0, x0, "l1")[1].item()),
            "kl": scalar(kl_divergence(mean, log_variance).item())}
    for regulariser in ("l1", "l2"):
        check_gradient(model, xt, x0, regulariser, rng)
        golden[f"{regulariser}.energy"] = scalar(energy(model, xt, x0, regulariser)[0].item())
        if (name, regulariser) != ("rgb", "l2"):
            golden[f"{regulariser}.gradient"] = rows(gradient(model, xt, x0, regulariser))
    for rule in ("weighted", "plain"):
        iterates, golden[f"{rule}.scalars"] = project(model, x0, rule == "weighted")
        kept = {("grey", "weighted"): range(1, 6), ("rgb", "plain"): []}.get((name, rule), [5])
        golden |= {f"{rule}.{t}": rows(iterates[t]) for t in kept}
    if name == "grey":
        make_skips(HERE / "model_grey.safetensors", x0, xt)
        make_distances(model, x0, xt, noise[0].double())
        golden |= train(model, torch.cat([x0, xt]), noise.double())
    save_file(golden, HERE / f"golden_{name}.safetensors")


def main():
    torch.set_num_threads(1)  # one order of summation
    # Chosen so that f answers to its input (J_f about half as strong as the identity), and so that a
    # float32 run stays close: an x_t that float32 cannot tell from x0 has sign(x_t - x0) = 0 there
    # and +-1 here, so that single pixels may part by up to 3e-5 (and by 1e-3 with unlucky seeds).
    make("grey", channels=1, gain=1.1, seed=83)
    make("rgb", channels=3, gain=1.15, seed=36)


if __name__ == "__main__":
    main()
