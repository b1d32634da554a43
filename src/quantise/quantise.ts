/** From a folded float graph and its ranges to an int8 graph: every tensor gets its scale, every constant its integers. */
import { assert, UserError } from '../errors.ts'
import { freeName } from '../graph/ir/edit.ts'
import { type Graph, type Node, type Quant, size, type Tensor } from '../graph/ir/graph.ts'
import { nodeOf, roleOfInput, roleOfOutput } from '../graph/ops/define.ts'
import { quantize } from '../graph/ops/quantize.ts'
import { opOf } from '../graph/ops/registry.ts'
import { validate } from '../graph/ops/validate.ts'
import { equal, quantised } from './affine.ts'
import { assign } from './assign.ts'
import type { Ranges } from './calibrate.ts'
import type { Method, Range } from './methods/define.ts'
import { minMax } from './methods/min-max.ts'
import { type Scheme, tfliteScheme } from './scheme.ts'
import { weightForms } from './weight-forms.ts'
import { quantiseBias, weightQuant } from './weights.ts'

/**
 * int8 inputs and outputs, weights int8 per channel, biases int32; names, attributes and metadata stay. Throws UserError
 * `no-int8-kernel` and `weights-not-constant` for operators that int8 cannot run.
 */
export function quantiseGraph(
  graph: Graph<'folded'>,
  ranges: Ranges,
  method: Method = minMax,
  scheme: Scheme = tfliteScheme,
): Graph<'quantised'> {
  const known = new Map(Array.from(ranges, ([t, seen]) => [t, method.range(seen)]))
  return quantiseWith(graph, (t) => known.get(t), scheme)
}

/** The same with a range for each tensor that inputs and nodes write. */
export function quantiseWith(
  graph: Graph<'folded'>,
  rangeOf: (tensor: number) => Range | undefined,
  scheme: Scheme = tfliteScheme,
  /** Shared by calls for one graph, they make its weights' steps once. */
  forms = weightForms(),
): Graph<'quantised'> {
  const assignment = assign(graph, rangeOf, scheme)
  const tensors: Tensor[] = graph.tensors.map((t, i) => {
    const quant = assignment.tensors.get(i)
    return quant ? { name: t.name, shape: t.shape, dtype: 'int8', quant } : t
  })
  const nodes: Node[] = []
  const made = new Map<number, { readonly quant: Quant; readonly at: number }[]>()
  const knownAs = (t: number, quant: Quant): number | undefined => made.get(t)?.find((one) => equal(one.quant, quant))?.at
  const know = (t: number, quant: Quant, at: number): void => void made.set(t, [...(made.get(t) ?? []), { quant, at }])
  const replaced = new Set<number>()
  const taken = new Set(graph.tensors.map((t) => t.name))
  const fresh = (tensor: Tensor): number => {
    const name = freeName(tensor.name, taken)
    taken.add(name)
    return tensors.push({ ...tensor, name }) - 1
  }

  /** The tensor that stands for constant `t` in this form; the first form takes its place, others get a name of their own. */
  const constant = (t: number, quant: Quant, make: () => Pick<Tensor, 'dtype' | 'data'>): number => {
    const known = knownAs(t, quant)
    if (known !== undefined) return known
    const form = { name: graph.tensors[t]!.name, shape: graph.tensors[t]!.shape, quant, ...make() } as Tensor
    const at = replaced.has(t) ? fresh(form) : t
    if (at === t) tensors[t] = form
    replaced.add(t)
    know(t, quant, at)
    return at
  }
  const requantised = (t: number, quant: Quant): number => {
    const known = knownAs(t, quant)
    if (known !== undefined) return known
    const { name, shape } = graph.tensors[t]!
    const at = fresh({ name: `${name}/requantised`, shape, dtype: 'int8', quant })
    nodes.push(nodeOf(quantize, {}, [t], [at]))
    know(t, quant, at)
    return at
  }

  /** A parameter is read as it is. */
  const unquantised = (t: number): number => {
    if (!assignment.tensors.has(t)) return t
    throw new UserError('no-int8-kernel', `${graph.tensors[t]!.name} is read or made as bare numbers, which int8 steps are not`, {
      hint: 'do this outside of the quantised network',
    })
  }

  graph.nodes.forEach((node, n) => {
    const def = opOf(node)
    const place = graph.tensors[node.outputs[0]!]!.name
    if (!def.int8)
      throw new UserError('no-int8-kernel', `${def.name} at ${place} has no int8 form`, { hint: 'replace this layer before quantising' })
    const x = def.roles.in.findIndex(({ role }) => role === 'activation')
    const [inScale, outScale] = [assignment.at(n, x)?.scale[0], assignment.tensors.get(node.outputs[0]!)?.scale[0]]
    let weights: Quant | undefined
    const inputs = node.inputs.map((t, i) => {
      const role = roleOfInput(def, i)
      if (t < 0) return t
      if (role.role === 'index') return unquantised(t)
      const tensor = graph.tensors[t]!
      if (role.role === 'weight') {
        if (!tensor.data)
          throw new UserError('weights-not-constant', `${def.name} at ${place} computes its weights while it runs`, { found: tensor.name })
        const bias = graph.tensors[node.inputs[def.roles.in.findIndex((r) => r.role === 'bias')] ?? -1]
        const axis = scheme.weights === 'per-tensor' ? -1 : role.axis
        const quant = weightQuant(tensor, axis, bias, inScale!, outScale!, scheme, forms.peaks(tensor, axis))
        weights = quant
        return constant(t, quant, () => ({ dtype: 'int8', data: forms.steps(tensor, quant) }))
      }
      if (role.role === 'bias') {
        assert(weights, `${place}: a bias stands before its weights`)
        const { data, quant } = quantiseBias(tensor, inScale!, weights)
        return constant(t, quant, () => ({ dtype: 'int32', data }))
      }
      const quant = assignment.at(n, i)
      if (!quant) return t
      if (tensor.data) return constant(t, quant, () => ({ dtype: 'int8', data: activationData(tensor, quant) }))
      return equal(quant, assignment.tensors.get(t)!) ? t : requantised(t, quant)
    })
    for (const [o, t] of node.outputs.entries()) if (roleOfOutput(def, o).role === 'index') unquantised(t)
    nodes.push({ ...node, inputs })
  })
  return validate({ ...graph, phase: 'quantised', tensors, nodes })
}

const activationData = ({ data, shape }: Tensor, { scale, zero }: Quant): Int8Array =>
  Int8Array.from({ length: size(shape) }, (_, i) => quantised(Number(data![i]), scale[0]!, zero[0]!, -128, 127))
