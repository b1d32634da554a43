/** Activations by TensorFlow's names, as nodes and as what a fused node ends with. */
import type { AnyOp } from '../../graph/ops/define.ts'
import { elu } from '../../graph/ops/elu.ts'
import { leakyRelu } from '../../graph/ops/leaky-relu.ts'
import { logistic } from '../../graph/ops/logistic.ts'
import { relu } from '../../graph/ops/relu.ts'
import { relu6 } from '../../graph/ops/relu6.ts'
import { softmax } from '../../graph/ops/softmax.ts'
import { tanh } from '../../graph/ops/tanh.ts'
import type { Growth } from '../grow.ts'
import type { GraphNode } from './define.ts'

type Activation = readonly [AnyOp, (node: GraphNode) => Readonly<Record<string, unknown>>]

const none = () => ({})
export const activations: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ['Relu', [relu, none]],
  ['Relu6', [relu6, none]],
  ['Elu', [elu, none]],
  ['Sigmoid', [logistic, none]],
  ['Tanh', [tanh, none]],
  ['Softmax', [softmax, () => ({ beta: 1 })]],
  // A fused node keeps the slope under another name.
  ['LeakyRelu', [leakyRelu, ({ attrs }) => ({ alpha: attrs.number('alpha', attrs.number('leakyrelu_alpha', 0.2)) })]],
])

export function activate(node: GraphNode, word: string, x: number, name: string, graph: Growth): number | undefined {
  const known = activations.get(word)
  return known && graph.add(known[0], known[1](node), [x], name)
}
