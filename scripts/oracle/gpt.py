"""The catalogue's gpt in plain PyTorch, written from its description and not from our sources."""

import math

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.heads = heads
        self.dropout = dropout
        self.query_key_value = nn.Linear(width, 3 * width)
        self.projection = nn.Linear(width, width)

    def forward(self, x):
        batch, length, width = x.shape
        query, key, value = (
            part.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
            for part in self.query_key_value(x).split(width, dim=2)
        )
        if self.dropout == 0:
            mixed = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        else:
            scores = query @ key.transpose(-2, -1) / math.sqrt(width // self.heads)
            future = torch.ones(length, length, dtype=torch.bool).triu(1)
            weights = F.dropout(scores.masked_fill(future, -math.inf).softmax(-1), self.dropout)
            mixed = weights @ value
        return F.dropout(self.projection(mixed.transpose(1, 2).reshape(batch, length, width)), self.dropout)


class FeedForward(nn.Module):
    def __init__(self, width, dropout):
        super().__init__()
        self.dropout = dropout
        self.expand = nn.Linear(width, 4 * width)
        self.contract = nn.Linear(4 * width, width)

    def forward(self, x):
        return F.dropout(self.contract(F.gelu(self.expand(x))), self.dropout)


class Block(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads, dropout)
        self.feed_forward_norm = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width, dropout)

    def forward(self, x):
        x = x + self.attention(self.attention_norm(x))
        return x + self.feed_forward(self.feed_forward_norm(x))


class Embedding(nn.Module):
    def __init__(self, vocabulary, length, width, dropout):
        super().__init__()
        self.dropout = dropout
        self.token = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(length, width)

    def forward(self, tokens):
        positions = torch.arange(tokens.shape[1])
        return F.dropout(self.token(tokens) + self.position(positions), self.dropout)


class Head(nn.Module):
    def __init__(self, vocabulary, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.unembedding = nn.Linear(width, vocabulary, bias=False)

    def forward(self, x):
        return self.unembedding(self.norm(x))


class Gpt(nn.Module):
    def __init__(self, layers, width, heads, length, vocabulary, dropout=0.0, tied=True):
        super().__init__()
        self.embedding = Embedding(vocabulary, length, width, dropout)
        self.blocks = nn.ModuleList(Block(width, heads, dropout) for _ in range(layers))
        self.head = Head(vocabulary, width)
        if tied:
            self.head.unembedding.weight = self.embedding.token.weight

    def forward(self, tokens):
        x = self.embedding(tokens)
        for block in self.blocks:
            x = block(x)
        return self.head(x)

    def initialise(self):
        """GPT-2's first weights: normal, biases zero, what feeds the residual stream scaled down."""
        for name, parameter in self.named_parameters():
            if name.endswith(("projection.weight", "contract.weight")):
                nn.init.normal_(parameter, 0.0, 0.02 / math.sqrt(2 * len(self.blocks)))
            elif parameter.dim() >= 2:
                nn.init.normal_(parameter, 0.0, 0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def loss(self, tokens, targets):
        return F.cross_entropy(self(tokens).flatten(0, 1), targets.flatten().long())

    def optimizer(self, rate=1e-3, decay=0.1, **options):
        """AdamW where matrices decay and vectors do not."""
        matrices = [p for p in self.parameters() if p.dim() >= 2]
        vectors = [p for p in self.parameters() if p.dim() < 2]
        groups = [{"params": matrices, "weight_decay": decay}, {"params": vectors, "weight_decay": 0.0}]
        return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.999), eps=1e-8, **options)
