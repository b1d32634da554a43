"""A training step of the bench's networks in PyTorch, eager, on the CPU: CPU and wall milliseconds of each step, as one JSON line."""
import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Activation(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.mix, _, smooth = kind.partition('-')
        self.smooth = {'mish': F.mish, 'gelu': F.gelu, 'swish': F.silu}.get(smooth)

    def forward(self, x):
        if self.mix == 'relu':
            return F.relu(x)
        if self.mix == 'weighted':
            return 0.5 * F.relu(x) + 0.5 * self.smooth(x)
        return torch.where(torch.rand_like(x) < 0.5, F.relu(x), self.smooth(x))


def normed(i, o, kernel, stride=1, groups=1, activation=None):
    conv = nn.Conv2d(i, o, kernel, stride, kernel // 2, groups=groups, bias=False)
    return [conv, nn.BatchNorm2d(o)] + ([Activation(activation)] if activation else [])


def mobilenet(activation, classes):
    channels = 8
    layers = normed(3, channels, 3, activation=activation)
    for width, stride in [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + [(512, 1)] * 5 + [(1024, 2), (1024, 1)]:
        layers += normed(channels, channels, 3, stride, channels, activation) + normed(channels, width // 4, 1, activation=activation)
        channels = width // 4
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(1e-3), nn.Linear(channels, classes))


class Residual(nn.Module):
    def __init__(self, i, o, stride, activation):
        super().__init__()
        self.body = nn.Sequential(*normed(i, o, 3, stride, activation=activation), *normed(o, o, 3))
        self.short = nn.Sequential(*normed(i, o, 1, stride)) if stride != 1 or i != o else nn.Identity()
        self.activation = Activation(activation)

    def forward(self, x):
        return self.activation(self.body(x) + self.short(x))


def resnet20(activation, classes):
    channels = 16
    layers = normed(3, channels, 3, activation=activation)
    for width in (16, 32, 64):
        for block in range(3):
            layers.append(Residual(channels, width, 2 if width != 16 and block == 0 else 1, activation))
            channels = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


class Bottleneck(nn.Module):
    """ERFNet's factorised residual module (Romera et al. 2018)."""

    def __init__(self, c, dilation, drop, activation):
        super().__init__()

        def pair(d):
            return [
                nn.Conv2d(c, c, (3, 1), padding=(d, 0), dilation=(d, 1)),
                Activation(activation),
                nn.Conv2d(c, c, (1, 3), padding=(0, d), dilation=(1, d), bias=False),
                nn.BatchNorm2d(c),
            ]

        self.body = nn.Sequential(*pair(1), Activation(activation), *pair(dilation), nn.Dropout(drop))
        self.activation = Activation(activation)

    def forward(self, x):
        return self.activation(self.body(x) + x)


class Down(nn.Module):
    def __init__(self, i, o, activation):
        super().__init__()
        self.conv = nn.Conv2d(i, o - i, 3, 2, 1, bias=False)
        self.norm = nn.Sequential(nn.BatchNorm2d(o), Activation(activation))

    def forward(self, x):
        return self.norm(torch.cat([self.conv(x), F.max_pool2d(x, 2)], 1))


def erfnet(activation, classes):
    def up(i, o):
        return [nn.ConvTranspose2d(i, o, 3, 2, 1, 1, bias=False), nn.BatchNorm2d(o), Activation(activation)]

    layers = [Down(3, 16, activation), Down(16, 64, activation)]
    layers += [Bottleneck(64, 1, 0.03, activation) for _ in range(5)]
    layers += [Down(64, 128, activation)] + [Bottleneck(128, d, 0.3, activation) for d in (2, 4, 8, 16) * 2]
    layers += up(128, 64) + [Bottleneck(64, 1, 0, activation) for _ in range(2)]
    layers += up(64, 16) + [Bottleneck(16, 1, 0, activation) for _ in range(2)]
    return nn.Sequential(*layers, nn.ConvTranspose2d(16, classes, 2, 2))


networks = {
    'mobilenet-0.25': (mobilenet, 64, (32, 32), 43),
    'resnet-20': (resnet20, 64, (32, 32), 43),
    'erfnet': (erfnet, 4, (184, 240), 12),
}

name, activation, layout, threads, steps = sys.argv[1:]
torch.set_num_threads(int(threads))
torch.manual_seed(0)
make, batch, size, classes = networks[name]
model = make(activation, classes)
x = torch.randn(batch, 3, *size)
y = torch.randint(0, classes, (batch, *size) if name == 'erfnet' else (batch,))
if layout == 'nhwc':
    model = model.to(memory_format=torch.channels_last)
    x = x.contiguous(memory_format=torch.channels_last)
optimiser = torch.optim.SGD(model.parameters(), 0.02, 0.9, weight_decay=1e-4)
times = []
for i in range(3 + int(steps)):
    cpu, wall = time.process_time(), time.perf_counter()
    optimiser.zero_grad()
    loss = F.cross_entropy(model(x), y, label_smoothing=0.1)
    loss.backward()
    optimiser.step()
    loss.item()
    if i >= 3:
        times.append([1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - wall)])
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({'torch': torch.__version__, 'times': times, 'loss': loss.item(), 'memoryMiB': memory}))
