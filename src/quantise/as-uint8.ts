/** The uint8 form of an int8 graph, for machines whose fast path it is: every step and zero point 128 higher, so each stands for the same real. */
import { UserError } from '../errors.ts'
import type { Graph, Tensor } from '../graph/ir/graph.ts'
import { validate } from '../graph/ops/validate.ts'

const shift = 128

/**
 * Biases, indices and anything that is not int8 stay. Throws UserError `not-per-tensor` where a tensor has several scales: uint8 has no form for
 * them (TFLite's uint8 specification is per tensor).
 */
export function asUint8(graph: Graph<'quantised'>): Graph<'quantised'> {
  const several = graph.tensors.find(({ dtype, quant }) => dtype === 'int8' && (quant?.scale.length ?? 1) > 1)
  if (several)
    throw new UserError('not-per-tensor', `${several.name} has a scale for each channel, and uint8 takes one for a tensor`, {
      found: `${several.quant!.scale.length} scales`,
      hint: 'quantise for a target that asks for weights per tensor',
    })
  return validate({ ...graph, tensors: graph.tensors.map(raised) }, 'foreign')
}

function raised(tensor: Tensor): Tensor {
  const { dtype, quant, data } = tensor
  if (dtype !== 'int8' || !quant) return tensor
  return {
    ...tensor,
    dtype: 'uint8',
    quant: { ...quant, zero: quant.zero.map((zero) => zero + shift) },
    ...(data && { data: Uint8Array.from(data as Int8Array, (q) => q + shift) }),
  }
}
