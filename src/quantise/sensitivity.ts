/** What each layer costs the whole network when it alone is int8: which layers to keep in 16 bits, or to train again. */

import { prepareExecutor } from '../execute/execute.ts'
import { argmax } from '../execute/score.ts'
import { type Data, type Graph, size } from '../graph/ir/graph.ts'
import { opOf } from '../graph/ops/registry.ts'
import { quantised } from './affine.ts'
import { dequantised } from './dequantise.ts'
import { judgedTensors } from './proof.ts'

export type Sensitivity = {
  readonly name: string
  readonly op: string
  /** Signal to noise of the network's judged tensors, in dB; Infinity where nothing differs. */
  readonly sqnrDb: number
  /** The share of inputs, 0 to 1, whose class is the label; absent without labels. */
  readonly accuracy?: number
}

/**
 * One entry for each node whose output is int8, in node order. The float graph runs with this node's constants as int8 says them, and
 * its output rounded to its steps; `folded` is the float graph that `int8` stands for.
 */
export function sensitivity(
  folded: Graph<'folded'>,
  int8: Graph<'quantised'>,
  inputs: readonly Float32Array[],
  labels?: ArrayLike<number>,
): Sensitivity[] {
  const exact = answersOf(folded, inputs)
  const makers = new Map(int8.nodes.map((node) => [node.outputs[0]!, node]))
  return folded.nodes.flatMap((node) => {
    const [output] = node.outputs as [number]
    const [maker, form] = [makers.get(output), int8.tensors[output]]
    if (!maker || form?.dtype !== 'int8' || !form.quant) return []
    const constants = new Map(
      node.inputs.flatMap((t, i) => {
        const constant = int8.tensors[maker.inputs[i] ?? -1]
        return t >= 0 && folded.tensors[t]!.dtype === 'float32' && constant?.data && constant.quant
          ? [[t, dequantised(constant)] as const]
          : []
      }),
    )
    const tensors = folded.tensors.map((tensor, t) => (constants.has(t) ? { ...tensor, data: constants.get(t)! } : tensor))
    const [scale, zero] = [form.quant.scale[0]!, form.quant.zero[0]!]
    // The executor hands out the array that the next nodes read.
    const round = (data: Float32Array): void => {
      for (let i = 0; i < data.length; i++) data[i] = scale * (quantised(data[i]!, scale, zero, -128, 127) - zero)
    }
    const alone = answersOf({ ...folded, tensors }, inputs, { tensor: output, round })
    const [noise, signal] = [
      exact.judged.reduce((sum, v, i) => sum + (alone.judged[i]! - v) ** 2, 0),
      exact.judged.reduce((sum, v) => sum + v * v, 0),
    ]
    return [
      {
        ...{ name: folded.tensors[output]!.name, op: opOf(node).name },
        sqnrDb: noise === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(signal / noise),
        ...(labels && { accuracy: alone.classes.reduce((sum, k, i) => sum + Number(k === labels[i]), 0) / inputs.length }),
      },
    ]
  })
}

type Changed = { readonly tensor: number; round(data: Float32Array): void }

function answersOf(
  graph: Graph,
  inputs: readonly Float32Array[],
  changed?: Changed,
): { readonly judged: number[]; readonly classes: number[] } {
  const [executor, judged] = [prepareExecutor(graph), new Set(judgedTensors(graph))]
  const [values, classes]: [number[], number[]] = [[], []]
  const width = size(graph.tensors[graph.outputs[0]!]!.shape)
  for (const input of inputs) {
    const see = (t: number, data: Data): void => {
      if (t === changed?.tensor) changed.round(data as Float32Array)
      if (judged.has(t)) for (const v of data as Float32Array) values.push(v)
    }
    classes.push(argmax(executor.run([input], see)[0] as Float32Array, 0, width))
  }
  return { judged: values, classes }
}
