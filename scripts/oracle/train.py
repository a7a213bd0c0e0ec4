"""Trains from our first weights and batches, and stores what the oracle test compares with.

usage: train.py inputs.safetensors OUTPUT_FOLDER
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from gpt import Gpt

STEPS, MICRO_BATCHES, CLIP = 20, 4, 0.5

inputs = load_file(sys.argv[1])
output = Path(sys.argv[2])
torch.set_num_threads(1)

model = Gpt(layers=2, width=32, heads=4, length=16, vocabulary=64)
weights = {name: tensor for name, tensor in inputs.items() if not name.startswith(("tokens.", "targets."))}
model.load_state_dict({**weights, "head.unembedding.weight": weights["embedding.token.weight"]})
optimizer = model.optimizer()

losses = []
for step in range(1, STEPS + 1):
    optimizer.zero_grad()
    total = 0.0
    for part in range(MICRO_BATCHES):
        loss = model.loss(inputs[f"tokens.{step}.{part}"], inputs[f"targets.{step}.{part}"])
        (loss / MICRO_BATCHES).backward()
        total += loss.item()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
    assert norm > CLIP or step > 1, "the first step must be clipped, or the test says little"
    optimizer.step()
    losses.append(total / MICRO_BATCHES)

output.mkdir(parents=True, exist_ok=True)
(output / "losses.txt").write_text("".join(f"{loss!r}\n" for loss in losses))
final = {name: tensor for name, tensor in model.state_dict().items() if name != "head.unembedding.weight"}
save_file({name: tensor.detach().clone() for name, tensor in final.items()}, output / "final-weights.safetensors")
sample = ("embedding.position.weight", "blocks.1.attention.projection.weight", "tokens.1.0", "targets.20.3")
save_file({name: inputs[name] for name in sample}, output / "inputs-sample.safetensors")
print(f"PyTorch {torch.__version__}: loss {losses[0]:.7f} -> {losses[-1]:.7f}")
