/** What quantisation costs each tensor: the float graph and the int8 graph run side by side on the same inputs. */
import { prepareExecutor } from '../execute/execute.ts'
import { type Data, type Graph, size } from '../graph/ir/graph.ts'
import { quantised } from './affine.ts'

export type LayerError = {
  /** The tensor's name, the same in both graphs. */
  readonly name: string
  readonly op: string
  /** Signal to quantisation noise, 10 log10(sum x² / sum (x - x')²) over all inputs, in dB; Infinity where nothing differs. */
  readonly sqnrDb: number
  /** The largest difference, in the tensor's own unit and in its quantisation steps. */
  readonly maxError: number
  readonly maxSteps: number
}

/** One entry for each node of the folded graph, in node order. Each batch holds whole float32 inputs. */
export function layerError(folded: Graph<'folded'>, int8: Graph<'quantised'>, batches: Iterable<Float32Array>): LayerError[] {
  const [real, steps] = [prepareExecutor(folded), prepareExecutor(int8)]
  const [input, at] = [int8.tensors[int8.inputs[0]!]!, new Map(int8.tensors.map((t, i) => [t.name, i]))]
  const rows = folded.nodes
    .map(({ op, outputs }) => ({ op, tensor: outputs[0]!, name: folded.tensors[outputs[0]!]!.name, signal: 0, noise: 0, maxError: 0 }))
    .filter(({ name }) => int8.tensors[at.get(name) ?? -1]?.quant)
  const [length, { scale, zero }] = [size(input.shape), input.quant!]
  for (const batch of batches)
    for (let from = 0; from < batch.length; from += length) {
      const x = batch.subarray(from, from + length)
      const seen = new Map<number, Float32Array>()
      real.run([x], (tensor, data) => seen.set(tensor, Float32Array.from(data as Float32Array)))
      const written = new Map<number, Data>()
      const keep = (tensor: number, data: Data) => written.set(tensor, data.slice())
      steps.run([Int8Array.from(x, (v) => quantised(v, scale[0]!, zero[0]!, -128, 127))], keep)
      for (const row of rows) {
        const tensor = at.get(row.name)!
        const [exact, q, { scale, zero }] = [seen.get(row.tensor)!, written.get(tensor) as Int8Array, int8.tensors[tensor]!.quant!]
        for (let i = 0; i < exact.length; i++) {
          const error = scale[0]! * (q[i]! - zero[0]!) - exact[i]!
          row.signal += exact[i]! ** 2
          row.noise += error ** 2
          row.maxError = Math.max(row.maxError, Math.abs(error))
        }
      }
    }
  return rows.map(({ op, name, signal, noise, maxError }) => {
    const step = int8.tensors[at.get(name)!]!.quant!.scale[0]!
    return { name, op, sqnrDb: 10 * Math.log10(signal / noise), maxError, maxSteps: maxError / step }
  })
}
