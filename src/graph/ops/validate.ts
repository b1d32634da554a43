/** The law of a graph at a border: what every stage may rely on, and must leave behind. */
import { assert } from '../../errors.ts'
import { allocate, type Graph, type Node, type Phase, phases, size, type Tensor } from '../ir/graph.ts'
import { type AnyOp, type Operand, roleOfInput, roleOfOutput } from './define.ts'
import { limitsOf } from './kit/scale.ts'
import { roomOf } from './registry.ts'
import { roleViolations } from './validate-roles.ts'

/**
 * `own`: a graph that Peapod made, held to every law. `foreign`: one read from a file of another tool, which may miss
 * the quantiser's laws (equal scales, bias scales, weight ranges) and still run.
 */
export type Origin = 'own' | 'foreign'

/** The graph itself, if it keeps every law; a broken one is a bug. */
export function validate<P extends Phase>(graph: Graph<P>, origin: Origin = 'own'): Graph<P> {
  const broken = violations(graph, origin)
  assert(broken.length === 0, `graph ${graph.name || '(unnamed)'} in phase ${graph.phase}: ${broken.slice(0, 5).join('; ')}`)
  return graph
}

/** Every broken law in words; none for a good graph. A reader makes a UserError of them, a stage a bug. */
export function violations(graph: Graph, origin: Origin = 'own'): string[] {
  const broken = graph.tensors.flatMap((tensor, t) => tensorViolations(tensor, t))
  broken.push(...orderViolations(graph))
  if (broken.length) return broken // What follows reads tensors by their ids.
  for (const [n, node] of graph.nodes.entries()) {
    const place = `node ${n} (${node.op} ${graph.tensors[node.outputs[0] ?? -1]?.name ?? ''})`
    broken.push(...nodeViolations(graph, node, origin).map((words) => `${place}: ${words}`))
  }
  return broken
}

function tensorViolations({ name, shape, dtype, data, quant }: Tensor, t: number): string[] {
  const place = `tensor ${t} (${name})`
  const broken: string[] = []
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0)) return [`${place} has the shape [${shape}]`]
  if (data && data.length !== size(shape)) broken.push(`${place} holds ${data.length} elements for the shape [${shape}]`)
  if (data && data.constructor !== allocate(dtype, 0).constructor) broken.push(`${place} is ${dtype} and holds a ${data.constructor.name}`)
  if (quant) {
    const { scale, zero, axis } = quant
    if (scale.length === 0 || (zero.length !== scale.length && zero.length !== 1))
      broken.push(`${place} has ${scale.length} scales and ${zero.length} zero points`)
    if (!scale.every((s) => s > 0 && Number.isFinite(s) && Math.fround(s) === s))
      broken.push(`${place} has a scale that is no positive float32`)
    if (scale.length > 1 && scale.length !== shape[axis])
      broken.push(`${place} has ${scale.length} scales along axis ${axis} of [${shape}]`)
    const [min, max] = limitsOf({ dtype })
    if (!zero.every((z) => Number.isInteger(z) && z >= min && z <= max)) broken.push(`${place} has a zero point outside of ${dtype}`)
  }
  return broken
}

/** Ids exist, and each tensor is made once, before it is used, unless it is an input or a constant. */
function orderViolations({ tensors, nodes, inputs, outputs }: Graph): string[] {
  const broken: string[] = []
  const there = tensors.map(({ data }) => data !== undefined)
  const known = (t: number) => Number.isInteger(t) && t >= 0 && t < tensors.length
  const make = (t: number, who: string) => {
    if (!known(t)) broken.push(`${who} names tensor ${t}, which does not exist`)
    else if (there[t]) broken.push(`${who} makes tensor ${t} (${tensors[t]!.name}) again`)
    else there[t] = true
  }
  const use = (t: number, who: string) => {
    if (!known(t)) broken.push(`${who} names tensor ${t}, which does not exist`)
    else if (!there[t]) broken.push(`${who} uses tensor ${t} (${tensors[t]!.name}) before it is made`)
  }
  for (const t of inputs) make(t, 'the graph')
  for (const [n, node] of nodes.entries()) {
    for (const t of node.inputs) if (t !== -1) use(t, `node ${n} (${node.op})`)
    for (const t of node.outputs) make(t, `node ${n} (${node.op})`)
  }
  for (const t of outputs) use(t, 'the graph')
  return broken
}

function nodeViolations(graph: Graph, node: Node, origin: Origin): string[] {
  const def = roomOf(node)
  if (!def) return ['there is no such operator']
  const inputs = node.inputs.map((t) => graph.tensors[t]) as Operand[]
  const outputs = node.outputs.map((t) => graph.tensors[t]!)
  const broken = phaseViolations(def, graph, node, origin)
  for (const word of Object.keys(def.attrs)) if (node.attrs[word] === undefined) broken.push(`its attribute ${word} is missing`)
  const required = def.roles.required ?? def.roles.in.length
  for (let i = 0; i < required; i++) if (!inputs[i]) broken.push(`its input ${i} is missing`)
  if (inputs.length > def.roles.in.length && !def.roles.rest)
    broken.push(`it has ${inputs.length} inputs, and takes ${def.roles.in.length}`)
  if (def.roles.restOut ? outputs.length < def.roles.out.length : outputs.length !== def.roles.out.length)
    broken.push(`it has ${outputs.length} outputs, and makes ${def.roles.out.length}`)
  if (broken.length) return broken
  return [...shapeViolations(def, node, inputs, outputs), ...(origin === 'own' ? roleViolations(def, inputs, outputs) : [])]
}

function phaseViolations(def: AnyOp, graph: Graph, node: Node, origin: Origin): string[] {
  const broken: string[] = []
  if (def.goneBy && phases.indexOf(graph.phase) >= phases.indexOf(def.goneBy)) broken.push(`a ${graph.phase} graph must not hold it`)
  if (graph.phase !== 'quantised') return broken
  const valued = [
    ...node.inputs.filter((t, i) => t >= 0 && roleOfInput(def, i).role !== 'index'),
    ...node.outputs.filter((_, o) => roleOfOutput(def, o).role !== 'index'),
  ]
  // A layer kept in float is float as a whole, and stands between a DEQUANTIZE and a QUANTIZE, not at the edge of the graph.
  const inside = valued.every((t) => graph.tensors[t]!.dtype === 'float32' && !graph.inputs.includes(t) && !graph.outputs.includes(t))
  for (const tensor of valued.map((t) => graph.tensors[t]!)) {
    if (isBare(tensor) && def.family !== 'opaque') broken.push(`${tensor.name} is ${tensor.dtype} without quantisation`)
    if (origin === 'own' && tensor.dtype === 'float32' && !def.takes?.includes('float32') && !inside)
      broken.push(`${tensor.name} is still float32`)
  }
  return broken
}

/** An integer tensor that says nothing of its reals. Floats stand at the edges, behind QUANTIZE and DEQUANTIZE. */
const isBare = ({ dtype, quant }: Tensor): boolean => (dtype === 'int8' || dtype === 'uint8' || dtype === 'int16') && !quant

function shapeViolations(def: AnyOp, node: Node, inputs: readonly Operand[], outputs: readonly Operand[]): string[] {
  try {
    const shapes = def.infer(node.attrs, inputs)
    if (shapes.length !== outputs.length) return [`it has ${outputs.length} outputs, and makes ${shapes.length}`]
    return shapes.flatMap((shape, i) =>
      `${shape}` === `${outputs[i]?.shape}` ? [] : [`it makes the shape [${shape}], its output has [${outputs[i]?.shape}]`],
    )
  } catch (error) {
    return [(error as Error).message]
  }
}
