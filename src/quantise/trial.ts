/** Scores int8 graphs that differ little from a known one: each runs from the first node on that computes something else. */
import { prepareExecutor } from '../execute/execute.ts'
import { type Data, type Graph, type Node, size, type Tensor } from '../graph/ir/graph.ts'
import { equal } from './affine.ts'
import type { Kernels } from './calibrate.ts'
import { type Proof, scoreOf } from './proof.ts'

export type Trial = {
  /** Signal to noise in dB, as `sqnrDb` gives it to the bit. */
  score(graph: Graph<'quantised'>): number
  /** The same, and later graphs are held against this one. */
  follow(graph: Graph<'quantised'>): number
}

/** What may be kept of the known graph's tensors, in elements; of larger networks every graph runs whole. */
const most = 2 ** 26

export function trialOf(proof: Proof, kernels?: Kernels): Trial {
  let known: { readonly graph: Graph; readonly values: readonly (readonly Data[])[] } | undefined
  const run = (graph: Graph<'quantised'>, keep?: (sample: number, t: number, data: Data) => void): number => {
    const from = known ? firstOther(known.graph, graph) : 0
    const [rest, values] = [from ? behind(graph, from) : graph, known?.values]
    const executor = prepareExecutor(rest, kernels && { fast: kernels() })
    const steps = from ? [] : proof.stepsOf(graph.tensors[graph.inputs[0]!]!.quant!)
    return scoreOf(graph, proof, (sample, see) => {
      // Of what stands as it was, the nodes that are left may read some, and some may be judged.
      if (from) for (const { outputs } of graph.nodes.slice(0, from)) for (const t of outputs) see(t, values![t]![sample]!)
      executor.run(
        from ? rest.inputs.map((t) => values![t]![sample]!) : [steps[sample]!],
        keep
          ? (t, data) => {
              keep(sample, t, data)
              see(t, data)
            }
          : see,
      )
    })
  }
  return {
    score: (graph) => run(graph),
    follow(graph) {
      const elements = graph.tensors.reduce((sum, { shape, data }) => sum + (data ? 0 : size(shape)), 0)
      if (elements * proof.inputs.length > most) return run(graph)
      const from = known ? firstOther(known.graph, graph) : 0
      const values: Data[][] = graph.tensors.map(() => [])
      for (const { outputs } of graph.nodes.slice(0, from)) for (const t of outputs) values[t] = [...known!.values[t]!]
      for (const t of graph.inputs) values[t] = [...proof.stepsOf(graph.tensors[t]!.quant!)]
      const score = run(graph, (sample, t, data) => (values[t]![sample] = data.slice()))
      known = { graph, values }
      return score
    },
  }
}

/** The nodes from `from` on; what they read of earlier ones are its inputs. */
function behind(graph: Graph<'quantised'>, from: number): Graph<'quantised'> {
  const nodes = graph.nodes.slice(from)
  const made = new Set(nodes.flatMap(({ outputs }) => outputs))
  const read = new Set(nodes.flatMap(({ inputs }) => inputs.filter((t) => t >= 0 && !graph.tensors[t]!.data && !made.has(t))))
  return { ...graph, nodes, inputs: [...read], outputs: graph.outputs.filter((t) => made.has(t)) }
}

/** The index of the first node that does not compute in `b` what it does in `a`; all of them where the input has another scale. */
function firstOther(a: Graph, b: Graph): number {
  const alike = (t: number): boolean => sameTensor(a.tensors[t]!, b.tensors[t]!)
  if (!b.inputs.every((t, i) => a.inputs[i] === t && alike(t))) return 0
  const same = (one: Node, other: Node): boolean =>
    one.op === other.op &&
    one.attrs === other.attrs &&
    sameNumbers(one.inputs, other.inputs) &&
    sameNumbers(one.outputs, other.outputs) &&
    [...one.inputs, ...one.outputs].every((t) => t < 0 || alike(t))
  const at = b.nodes.findIndex((node, n) => !a.nodes[n] || !same(a.nodes[n], node))
  return at < 0 ? b.nodes.length : at
}

const sameTensor = (a: Tensor, b: Tensor): boolean =>
  a === b ||
  (a.dtype === b.dtype &&
    sameNumbers(a.shape, b.shape) &&
    (a.quant === b.quant || (a.quant !== undefined && b.quant !== undefined && equal(a.quant, b.quant))) &&
    (a.data === b.data || (a.data !== undefined && b.data !== undefined && sameNumbers(a.data, b.data))))

function sameNumbers(a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
