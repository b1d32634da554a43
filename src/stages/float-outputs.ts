/** What a float network answers to images of a split, spread over threads. */

import type { Split } from '../data/define.ts'
import type { Preprocess } from '../data/preprocess.ts'
import { executeAll } from '../execute/pool/execute-all.ts'
import { type Graph, size } from '../graph/ir/graph.ts'
import { floatInputs } from './inputs.ts'

/** Inputs that are held at a time: 64 MiB. */
const AT_ONCE = 2 ** 24

/** The outputs of images `first` to before `to`, one after the other. Throws as `executeAll` does. */
export async function floatOutputs(
  graph: Graph,
  preprocess: Preprocess,
  split: Split,
  first: number,
  to: number,
  threads: number,
): Promise<Float32Array> {
  const [each, width] = [graph.inputs, graph.outputs].map(([t]) => size(graph.tensors[t!]!.shape)) as [number, number]
  const chunk = Math.max(1, Math.floor(AT_ONCE / each))
  const count = to - first
  const outputs = new Float32Array(count * width)
  for (let from = 0; from < count; from += chunk) {
    const indices = Uint32Array.from({ length: Math.min(chunk, count - from) }, (_, i) => first + from + i)
    const inputs = new Float32Array(indices.length * each)
    let at = 0
    for (const image of floatInputs(split, preprocess, indices)) {
      inputs.set(image, at)
      at += each
    }
    outputs.set(await executeAll(graph, inputs, { threads }), from * width)
  }
  return outputs
}
