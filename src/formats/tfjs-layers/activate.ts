/** Activations by their Keras words, wherever a layer carries one. */
import type { AnyOp } from '../../graph/ops/define.ts'
import { elu } from '../../graph/ops/elu.ts'
import { gelu } from '../../graph/ops/gelu.ts'
import { hardSwish } from '../../graph/ops/hard-swish.ts'
import { leakyRelu } from '../../graph/ops/leaky-relu.ts'
import { logistic } from '../../graph/ops/logistic.ts'
import { mish } from '../../graph/ops/mish.ts'
import { relu } from '../../graph/ops/relu.ts'
import { relu6 } from '../../graph/ops/relu6.ts'
import { softmax } from '../../graph/ops/softmax.ts'
import { swish } from '../../graph/ops/swish.ts'
import { tanh } from '../../graph/ops/tanh.ts'
import type { Growth } from '../grow.ts'
import { type LayerSpec, refusal } from './define.ts'

/** What each word becomes. Keras's `gelu_new` is the tanh form. */
const words: Readonly<Record<string, readonly [AnyOp, Readonly<Record<string, unknown>>]>> = {
  ...{ relu: [relu, {}], relu6: [relu6, {}], elu: [elu, {}], sigmoid: [logistic, {}], tanh: [tanh, {}] },
  ...{ gelu: [gelu, {}], gelu_new: [gelu, { approximate: true }], swish: [swish, { beta: 1 }], mish: [mish, {}] },
  // Keras's other words: silu is swish; its leaky_relu has the slope 0.2.
  ...{ silu: [swish, { beta: 1 }], hard_swish: [hardSwish, {}], hard_silu: [hardSwish, {}], leaky_relu: [leakyRelu, { alpha: 0.2 }] },
  softmax: [softmax, { beta: 1 }],
}

export function activate(layer: LayerSpec, word: string, x: number, name: string, graph: Growth): number {
  if (word === 'linear') return x
  const known = words[word]
  if (!known)
    throw refusal(layer, `TFLite has no operator for the activation ${word}`, `use one of linear, ${Object.keys(words).join(', ')}`)
  return graph.add(...known, [x], name)
}

/** Adds what `make` makes under a name, and behind it the activation that the layer's settings carry; the last one has the layer's name. */
export function withActivation(layer: LayerSpec, graph: Growth, make: (name: string) => number): number {
  const word: string = layer.config.activation ?? 'linear'
  return word === 'linear' ? make(layer.name) : activate(layer, word, make(`${layer.name}/linear`), layer.name, graph)
}
