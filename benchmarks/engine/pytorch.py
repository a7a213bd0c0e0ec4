"""CPU milliseconds of one training step in plain PyTorch, one thread.

Arguments: layers width heads contextLength microBatchSize microBatches dropout warmUpSteps steps
"""

import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts" / "oracle"))
from gpt import Gpt  # noqa: E402

layers, width, heads, length, samples, micro_batches, _, warm_up, steps = (int(float(a)) for a in sys.argv[1:])
dropout, vocabulary = float(sys.argv[7]), 256
torch.set_num_threads(1)
torch.manual_seed(1)
model = Gpt(layers, width, heads, length, vocabulary, dropout)
model.initialise()
# PyTorch before 2.4 has no fused AdamW on the CPU; its default is then the best that it has.
fused = {"fused": True} if tuple(map(int, torch.__version__.split(".")[:2])) >= (2, 4) else {}
optimizer = model.optimizer(**fused)


def text(step, part):
    sample = torch.arange(samples)[:, None]
    start = 31 * step + 17 * part + 5 * sample
    tokens = start + torch.arange(length + 1)[None, :] * (1 + sample % 2)
    return (tokens % vocabulary).int()


def train(step):
    optimizer.zero_grad()
    total = 0.0
    for part in range(micro_batches):
        batch = text(step, part)
        loss = model.loss(batch[:, :-1], batch[:, 1:])
        (loss / micro_batches).backward()
        total += loss.item()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return total / micro_batches


for step in range(1, warm_up + 1):
    train(step)
before = time.process_time()
for step in range(warm_up + 1, warm_up + steps + 1):
    loss = train(step)
blas = "MKL" if torch.backends.mkl.is_available() else "another BLAS"
print(f"{(time.process_time() - before) * 1000 / steps:.2f} {loss:.4f} torch {torch.__version__}, {blas}")
