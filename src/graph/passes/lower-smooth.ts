/** Writes smooth activations without an operator of their own in operators that files can hold. */
import { UserError } from '../../errors.ts'
import { Draft } from '../ir/edit.ts'
import { placeOf } from '../ir/walk.ts'
import { is, nodeOf } from '../ops/define.ts'
import { logistic } from '../ops/logistic.ts'
import { mish } from '../ops/mish.ts'
import { mul } from '../ops/mul.ts'
import { swish } from '../ops/swish.ts'
import type { Pass } from './define.ts'

export const lowerSmooth: Pass<'stripped'> = {
  name: 'lower-smooth',
  says: 'swish becomes x times logistic(beta x); mish is refused',
  phase: 'stripped',
  run(graph) {
    const draft = new Draft(graph)
    for (const [n, node] of graph.nodes.entries()) {
      const place = placeOf(graph, n)
      if (node.op === mish.name)
        throw new UserError('no-tflite-form', `mish at ${place} has no form in TFLite`, {
          hint: 'wrap it in an Ensemble, which training turns into ReLU, or use relu',
        })
      if (!is(node, swish)) continue
      const [x, shape] = [node.inputs[0]!, graph.tensors[node.outputs[0]!]!.shape]
      const made = (name: string) => draft.tensor({ name: `${place}/${name}`, shape, dtype: 'float32' })
      const gate = made('logistic')
      const { beta } = node.attrs
      const slope = () => draft.tensor({ name: `${place}/beta`, shape: [1], dtype: 'float32', data: Float32Array.of(beta) })
      const steep = beta === 1 ? [] : [nodeOf(mul, {}, [x, slope()], [made('slope')])]
      draft.replace(n, ...steep, nodeOf(logistic, {}, [steep[0]?.outputs[0] ?? x], [gate]), nodeOf(mul, {}, [x, gate], node.outputs))
    }
    return draft.finish()
  },
}
