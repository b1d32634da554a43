/** How close an int8 graph comes to its float graph on a set of inputs: what every choice of this floor is scored by. */
import { prepareExecutor } from '../execute/execute.ts'
import { type Data, type Graph, type Quant, size } from '../graph/ir/graph.ts'
import { producers } from '../graph/ir/walk.ts'
import { moves, roleOfOutput } from '../graph/ops/define.ts'
import { opOf } from '../graph/ops/registry.ts'
import { equal, quantised } from './affine.ts'
import type { Kernels, Observer } from './calibrate.ts'

export type Proof = {
  readonly inputs: readonly Float32Array[]
  /** What the float graph says of each judged tensor, by name, for all inputs one after the other. */
  readonly answers: ReadonlyMap<string, Float32Array>
  /** The inputs, or more of them, as an int8 input of this scale takes them; those of the last scale are kept. */
  stepsOf(quant: Quant): readonly Int8Array[]
}

/**
 * The tensors that are judged: the network's last values whose scale is chosen. Of a classifier these are its logits, since a
 * softmax in 8 bits says 0 of most classes.
 */
export function judgedTensors(graph: Graph): number[] {
  const made = producers(graph)
  const back = (t: number): number => {
    const node = graph.nodes[made[t]!]
    if (!node) return t
    const def = opOf(node)
    const x = node.inputs[0]!
    return (roleOfOutput(def, 0).role === 'fixed' || moves(def)) && graph.tensors[x]?.dtype === 'float32' && !graph.tensors[x].data
      ? back(x)
      : t
  }
  return [...new Set(graph.outputs.map(back))]
}

/** Collects a proof while the float graph runs over `inputs`, and maybe others behind them. */
export function proving(graph: Graph, inputs: readonly Float32Array[]): { readonly proof: Proof; readonly observe: Observer } {
  const judged = new Map(judgedTensors(graph).map((t) => [t, new Float32Array(inputs.length * size(graph.tensors[t]!.shape))]))
  const answers = new Map(Array.from(judged, ([t, values]) => [graph.tensors[t]!.name, values]))
  return {
    proof: { inputs, answers, stepsOf: steppedBy(inputs) },
    observe: (t, data, sample) => sample < inputs.length && judged.get(t)?.set(data, sample * data.length),
  }
}

function steppedBy(inputs: readonly Float32Array[]): Proof['stepsOf'] {
  let last: { readonly quant: Quant; readonly steps: readonly Int8Array[] } | undefined
  return (quant) => {
    if (last && equal(last.quant, quant)) return last.steps
    const [scale, zero] = [quant.scale[0]!, quant.zero[0]!]
    const steps = inputs.map((input) => {
      const made = new Int8Array(input.length)
      for (let i = 0; i < input.length; i++) made[i] = quantised(input[i]!, scale, zero, -128, 127)
      return made
    })
    last = { quant, steps }
    return steps
  }
}

const real = { scale: [1], zero: [0] } as const

/** The first `count` inputs of a proof. */
export const part = ({ inputs, answers, stepsOf }: Proof, count: number): Proof => ({
  inputs: inputs.slice(0, count),
  stepsOf,
  answers: new Map(
    Array.from(answers, ([name, all]) => [name, all.subarray(0, (all.length / inputs.length) * Math.min(count, inputs.length))]),
  ),
})

/** Signal to noise of the judged tensors, 10 log10(sum x² / sum (x - x')²), in dB; of several the mean noise counts. Infinity where nothing differs. */
export function sqnrDb(int8: Graph<'quantised'>, proof: Proof, kernels?: Kernels): number {
  const executor = prepareExecutor(int8, kernels && { fast: kernels() })
  const steps = proof.stepsOf(int8.tensors[int8.inputs[0]!]!.quant!)
  return scoreOf(int8, proof, (sample, see) => executor.run([steps[sample]!], see))
}

/** The same of whatever makes the tensors: `run` shows those of a sample. */
export function scoreOf(
  int8: Graph<'quantised'>,
  { inputs, answers }: Proof,
  run: (sample: number, see: (t: number, data: Data) => void) => void,
): number {
  const judged = new Map(int8.tensors.flatMap(({ name }, t) => (answers.has(name) ? [[t, answers.get(name)!] as const] : [])))
  const noise = new Map<number, number>()
  for (const sample of inputs.keys())
    run(sample, (t, data) => {
      const exact = judged.get(t)
      if (!exact) return
      // Of a map that is kept in float, the values themselves.
      const { scale, zero } = int8.tensors[t]!.quant ?? real
      let sum = 0
      for (let i = 0, at = sample * data.length; i < data.length; i++)
        sum += (scale[0]! * (Number(data[i]) - zero[0]!) - exact[at + i]!) ** 2
      noise.set(t, (noise.get(t) ?? 0) + sum)
    })
  const shares = Array.from(noise, ([t, n]) => n / judged.get(t)!.reduce((sum, v) => sum + v * v, 0))
  return shares.length ? -10 * Math.log10(shares.reduce((a, b) => a + b, 0) / shares.length) : Number.POSITIVE_INFINITY
}
