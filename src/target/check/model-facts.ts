/** Facts of a model as a whole, which rules of the scope `model` bound. */
import type { Graph } from '../../graph/ir/graph.ts'
import { type Facts, generalFacts } from '../../graph/ops/facts.ts'
import type { Placement } from '../define.ts'
import type { Target } from '../profiles/schema.ts'
import { simulate } from '../simulate/simulate.ts'

/** Each fact of a model, in words. */
export const modelFactNames = {
  operators: 'nodes of the graph',
  acceleratorOperators: 'nodes on the accelerator',
  cpuOperators: 'nodes on the CPU',
  segments: 'parts that the accelerator runs',
  largestSegment: 'nodes of the largest of them',
  crossings: 'tensors that cross between parts',
  crossingBytes: 'their bytes',
  arenaBytes: 'bytes of the arena of feature maps, as the machine lays them out',
  weightBytes: 'bytes of the weights, as the machine stores them',
  arenaAndWeightBytes: 'both together',
  inputHeight: 'rows of the first input',
  inputWidth: 'columns of the first input',
  inputDtype: 'type of the first input',
  outputDtype: 'type of the first output',
  quantised: 'whether the file holds integers already',
  perAxisOperators: 'nodes whose weights have a scale for each channel',
  asymmetricOperators: 'nodes with a zero point other than 0',
} as const

/** Facts that only an estimate knows: a plan of the arena, the weights as the machine stores them. */
function memoryFacts(graph: Graph, target: Target): Facts {
  const { arenaBytes, weightBytes } = simulate(graph, target)
  return { arenaBytes, weightBytes, arenaAndWeightBytes: arenaBytes + weightBytes }
}
const ofMemory: readonly string[] = ['arenaBytes', 'weightBytes', 'arenaAndWeightBytes'] satisfies (keyof typeof modelFactNames)[]

/** The facts of a model; those of its memory only where they are asked for, since they take longer. */
export function modelFacts(
  graph: Graph,
  target: Target,
  { accelerator, cpu, segments, crossings }: Required<Placement>,
  asked: readonly string[],
): Facts {
  const ours = segments.filter(({ place }) => place === 'accelerator')
  const nodes = graph.nodes.map((node) => generalFacts(graph, node))
  const [input, output] = [graph.tensors[graph.inputs[0]!], graph.tensors[graph.outputs[0]!]]
  return {
    ...{ operators: graph.nodes.length, acceleratorOperators: accelerator, cpuOperators: cpu },
    ...{ segments: ours.length, largestSegment: Math.max(0, ...ours.map((s) => s.nodes.length)) },
    ...{ crossings: crossings.length, crossingBytes: crossings.reduce((sum, { bytes }) => sum + bytes, 0) },
    ...(asked.some((name) => ofMemory.includes(name)) ? memoryFacts(graph, target) : {}),
    ...{ inputHeight: input?.shape.at(-3) ?? 1, inputWidth: input?.shape.at(-2) ?? 1 },
    ...{ inputDtype: input?.dtype ?? 'none', outputDtype: output?.dtype ?? 'none' },
    quantised: graph.phase === 'quantised' && nodes.some(({ hasFloat }) => !hasFloat),
    perAxisOperators: nodes.filter(({ perAxisWeights }) => perAxisWeights).length,
    asymmetricOperators: nodes.filter(({ asymmetricMaps }) => asymmetricMaps).length,
  } satisfies Partial<Record<keyof typeof modelFactNames, unknown>>
}
