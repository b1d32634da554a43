/** The quantiser's laws for one node, by the roles of its operands: scales shared, fixed, multiplied; weights symmetric. */
import { type AnyOp, type Operand, type Role, roleOfInput, roleOfOutput } from './define.ts'
import { sameQuant } from './kit/scale.ts'

export function roleViolations(def: AnyOp, inputs: readonly (Operand | undefined)[], outputs: readonly Operand[]): string[] {
  const laid: [string, Operand, Role][] = [
    ...inputs.flatMap((t, i): [string, Operand, Role][] => (t?.quant ? [[`input ${i}`, t, roleOfInput(def, i)]] : [])),
    ...outputs.flatMap((t, i): [string, Operand, Role][] => (t.quant ? [[`output ${i}`, t, roleOfOutput(def, i)]] : [])),
  ]
  const factors = ['activation', 'weight'].map((word) => inputs[def.roles.in.findIndex(({ role }) => role === word)])
  return laid.flatMap(([place, t, role]) => broken(t, role, inputs, factors).map((words) => `${place} ${words}`))
}

type Present = readonly (Operand | undefined)[]

/** `factors` are the activation and the weight, whose product a bias counts in. */
function broken(t: Operand, role: Role, inputs: Present, factors: Present): string[] {
  const { scale, zero } = t.quant!
  switch (role.role) {
    case 'same':
      return inputs[role.as] && sameQuant(t, inputs[role.as]!) ? [] : [`must share the scale of input ${role.as}`]
    case 'fixed':
      return t.dtype !== 'int8' || (scale[0] === role.scale && zero[0] === role.zero)
        ? []
        : [`must have the scale ${role.scale} and the zero point ${role.zero}`]
    case 'activation':
      return scale.length === 1 ? [] : ['must have one scale for the whole tensor']
    case 'weight':
      return weightBroken(t, role.axis)
    case 'bias':
      return biasBroken(t, factors)
    case 'index':
      return []
  }
}

/** A weight is symmetric and leaves out -128, so that its negative exists (TFLite 8-bit quantisation specification). */
function weightBroken({ dtype, data, quant }: Operand, axis: number): string[] {
  const out: string[] = []
  if (!data) return out
  if (quant!.zero.some((z) => z !== 0)) out.push('must have the zero point 0')
  if (dtype === 'int8' && (data as Int8Array).includes(-128)) out.push('holds -128')
  if (quant!.scale.length > 1 && axis >= 0 && quant!.axis !== axis) out.push(`has its scales along axis ${quant!.axis}, not ${axis}`)
  return out
}

/** A bias counts in steps of input times weight. */
function biasBroken({ dtype, quant }: Operand, [x, w]: Present): string[] {
  const out: string[] = []
  const fit = x?.dtype === 'int16' ? 'int64' : 'int32'
  if (dtype !== fit) out.push(`must be ${fit}, and is ${dtype}`)
  if (quant!.zero.some((z) => z !== 0)) out.push('must have the zero point 0')
  if (!x?.quant || !w?.quant) return [...out, 'has a scale, but its input or weight has none']
  const wanted = w.quant.scale.map((s) => Math.fround(s * x.quant!.scale[0]!))
  const off = quant!.scale.some((s, i) => Math.abs(s - wanted[i]!) > 1e-6 * wanted[i]!)
  if (off || quant!.scale.length !== wanted.length) out.push('must have the scale of input times weight')
  return out
}
