/** Lets some nodes of an int8 graph compute in 16 bits or in float: their maps stay wide between them, and are converted at the edges. */
import { compact, freeName } from '../../graph/ir/edit.ts'
import type { Graph, Node, Quant, Tensor } from '../../graph/ir/graph.ts'
import { type AnyOp, authorityOf, carriesFeatures, moves, nodeOf, roleOfInput, roleOfOutput } from '../../graph/ops/define.ts'
import { dequantize } from '../../graph/ops/dequantize.ts'
import { quantize } from '../../graph/ops/quantize.ts'
import { opOf } from '../../graph/ops/registry.ts'
import { validate } from '../../graph/ops/validate.ts'
import { covers, perTensor } from '../affine.ts'
import { dequantised } from '../dequantise.ts'
import type { WideForm } from './define.ts'

/** Whether a node has a kernel of this form, and no operand whose scale the kernel fixes, which differs in 16 bits. */
export function canWiden(graph: Graph<'quantised'>, n: number, form: WideForm): boolean {
  const node = graph.nodes[n]!
  const def = opOf(node)
  if (def === (quantize as AnyOp) || def === (dequantize as AnyOp)) return false
  const roles = [...node.inputs.map((_, i) => roleOfInput(def, i)), ...node.outputs.map((_, o) => roleOfOutput(def, o))]
  if (node.outputs.some((t) => graph.tensors[t]!.dtype !== 'int8')) return false
  return form === 'float32' || ((moves(def) || authorityOf(def, 'int16') !== undefined) && roles.every(({ role }) => role !== 'fixed'))
}

/**
 * `wide` are indices of nodes of `int8`; `folded` gives the exact constants for float. A map that an int8 node or the caller reads
 * keeps its int8 form under its own name; one that only wide nodes read has its wide form under it.
 */
export function widen(folded: Graph<'folded'>, int8: Graph<'quantised'>, wide: ReadonlySet<number>, form: WideForm): Graph<'quantised'> {
  const exact = new Map(folded.tensors.flatMap((t) => (t.data && t.dtype === 'float32' ? [[t.name, t] as const] : [])))
  const tensors: Tensor[] = [...int8.tensors]
  const taken = new Set(tensors.map((t) => t.name))
  const narrow = new Set(int8.outputs)
  for (const [n, node] of int8.nodes.entries()) if (!wide.has(n)) for (const t of node.inputs) narrow.add(t)
  const nodes: Node[] = []
  const forms = new Map<number, number>()
  const add = (from: number, tensor: Omit<Tensor, 'name'>): number => {
    const name = freeName(`${int8.tensors[from]!.name}/${form}`, taken)
    taken.add(name)
    return tensors.push({ name, ...tensor }) - 1
  }
  const scales = new Map<number, Quant>()
  const bare = (t: number, quant: Quant): Omit<Tensor, 'name'> => {
    const { shape } = int8.tensors[t]!
    scales.set(t, quant)
    return form === 'float32' ? { shape, dtype: form } : { shape, dtype: form, quant }
  }
  /** The wide form of an activation that an int8 node or the caller writes, or of a constant. */
  const widened = (t: number): number => {
    const known = forms.get(t)
    if (known !== undefined) return known
    const { data, quant, shape } = int8.tensors[t]!
    const like = bare(t, wideQuant(quant!))
    const made = add(t, data ? { ...like, data: constant(like, dequantised({ data, quant: quant!, shape })) } : like)
    if (!data) nodes.push(nodeOf(form === 'float32' ? dequantize : quantize, {}, [t], [made]))
    forms.set(t, made)
    return made
  }
  for (const [n, node] of int8.nodes.entries()) {
    if (!wide.has(n)) {
      nodes.push(node)
      continue
    }
    const def = opOf(node)
    const weightAt = def.roles.in.findIndex(({ role }) => role === 'weight')
    const x = node.inputs[def.roles.in.findIndex(({ role }) => role === 'activation')]
    const inputs = node.inputs.map((t, i) => {
      const role = roleOfInput(def, i)
      const tensor = int8.tensors[t]
      if (!tensor || role.role === 'index') return t
      if (carriesFeatures(role)) return widened(t)
      if (form === 'float32') {
        const { shape } = tensor
        const data = (exact.get(tensor.name)?.data as Float32Array | undefined) ?? dequantised({ ...tensor, quant: tensor.quant! })
        return add(t, { shape, dtype: form, data })
      }
      return role.role === 'bias' ? add(t, wideBias(tensor, scales.get(x!)!, int8.tensors[node.inputs[weightAt]!]!.quant!)) : t
    })
    const after: Node[] = []
    const outputs = node.outputs.map((t, o) => {
      const role = roleOfOutput(def, o)
      const quant = role.role === 'same' ? scales.get(node.inputs[role.as]!)! : wideQuant(int8.tensors[t]!.quant!)
      const like = bare(t, quant)
      if (!narrow.has(t)) {
        tensors[t] = { name: int8.tensors[t]!.name, ...like }
        forms.set(t, t)
        return t
      }
      const made = add(t, like)
      forms.set(t, made)
      after.push(nodeOf(quantize, {}, [made], [t]))
      return made
    })
    // Sums of any scales in 16 bits, not of powers of two alone.
    const attrs = form === 'int16' && 'potScaleInt16' in node.attrs ? { ...node.attrs, potScaleInt16: false } : node.attrs
    nodes.push({ ...node, attrs, inputs, outputs }, ...after)
  }
  return validate(compact({ ...int8, tensors, nodes }))
}

/** Symmetric, over what the int8 form can say: every int8 step has its own 16-bit step. */
function wideQuant(quant: Quant): Quant {
  const { min, max } = covers(quant)
  return perTensor(Math.max(-min, max) / 32767, 0)
}

const constant = ({ dtype, quant }: Omit<Tensor, 'name'>, reals: Float32Array): Float32Array | Int16Array =>
  dtype === 'float32' ? reals : Int16Array.from(reals, (v) => Math.max(-32767, Math.min(32767, Math.round(v / quant!.scale[0]!))))

/** In 64 bits, in steps of the 16-bit input times the weight; what bias correction did to the int8 form stays. */
function wideBias(bias: Tensor, x: Quant, weights: Quant): Omit<Tensor, 'name'> {
  const scale = weights.scale.map((s) => Math.fround(x.scale[0]! * s))
  const real = dequantised({ ...bias, quant: bias.quant! })
  const data = BigInt64Array.from(real, (v, k) => BigInt(Math.round(v / scale[scale.length > 1 ? k : 0]!)))
  return { shape: bias.shape, dtype: 'int64', quant: { scale, zero: scale.map(() => 0), axis: 0 }, data }
}
