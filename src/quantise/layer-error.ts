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
  /** The mean absolute difference, in the tensor's own unit. */
  readonly meanError: number
  /** sqrt(sum (x - x')² / sum x²). */
  readonly l2Relative: number
  /** sum x x' / sqrt(sum x² sum x'²). */
  readonly cosine: number
}

/** Whoever breaks one of these is flagged. The worst layer of a MobileNet-0.25 on GTSRB that loses 0.1 points has 24 dB, 0.062 and 0.998. */
export const layerLimits = { sqnrDb: 20, l2Relative: 0.1, cosine: 0.99 } as const

/** The limits that a layer breaks, in words; none for a good one. */
export const flagsOf = ({ sqnrDb, l2Relative, cosine }: LayerError): string[] => [
  ...(sqnrDb < layerLimits.sqnrDb ? [`SQNR below ${layerLimits.sqnrDb} dB`] : []),
  ...(l2Relative > layerLimits.l2Relative ? [`L2 above ${layerLimits.l2Relative}`] : []),
  ...(cosine < layerLimits.cosine ? [`cosine below ${layerLimits.cosine}`] : []),
]

/** One entry for each node of the folded graph, in node order. Each batch holds whole float32 inputs. */
export function layerError(folded: Graph<'folded'>, int8: Graph<'quantised'>, batches: Iterable<Float32Array>): LayerError[] {
  const [real, steps] = [prepareExecutor(folded), prepareExecutor(int8)]
  const [input, at] = [int8.tensors[int8.inputs[0]!]!, new Map(int8.tensors.map((t, i) => [t.name, i]))]
  const rows = folded.nodes
    .map(({ op, outputs }) => ({ op, tensor: outputs[0]!, name: folded.tensors[outputs[0]!]!.name, ...nothing }))
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
        row.count += exact.length
        for (let i = 0; i < exact.length; i++) {
          const said = scale[0]! * (q[i]! - zero[0]!)
          const error = Math.abs(said - exact[i]!)
          row.signal += exact[i]! ** 2
          row.noise += error ** 2
          row.said += said ** 2
          row.both += said * exact[i]!
          row.sum += error
          row.maxError = Math.max(row.maxError, error)
        }
      }
    }
  return rows.map(({ op, name, signal, noise, said, both, sum, count, maxError }) => {
    const step = int8.tensors[at.get(name)!]!.quant!.scale[0]!
    return {
      ...{ name, op, maxError, maxSteps: maxError / step, meanError: sum / Math.max(count, 1) },
      // A tensor of zeros that stays one has lost nothing.
      sqnrDb: noise === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(signal / noise),
      l2Relative: noise === 0 ? 0 : Math.sqrt(noise / signal),
      cosine: noise === 0 ? 1 : both / Math.sqrt(signal * said || 1),
    }
  })
}

const nothing = { signal: 0, noise: 0, said: 0, both: 0, sum: 0, count: 0, maxError: 0 }
