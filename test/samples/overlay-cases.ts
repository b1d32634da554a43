/** Random cases for the int8 overlays: shapes with ragged channels, every window setting, multipliers of both signs, saturating accumulators. */

import type { Attrs, Quant, Shape } from '../../src/graph/ir/graph.ts'
import { size } from '../../src/graph/ir/graph.ts'
import { key, uniform } from '../../src/graph/math/random.ts'
import { type AnyOp, attrsWith, type Operand } from '../../src/graph/ops/define.ts'
import { opOf } from '../../src/graph/ops/registry.ts'

export type Case = { readonly attrs: Attrs; readonly inputs: readonly Operand[]; readonly outputs: readonly Operand[] }

/** Draws of one case, one after the other. */
export function draws(seed: number) {
  const stream = key(seed, 'test')
  let at = 0
  const next = () => uniform(stream, at++)
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  const oneOf = <T>(...values: T[]): T => values[whole(0, values.length - 1)]!
  return { next, whole, oneOf }
}
export type Draws = ReturnType<typeof draws>

const perTensor = (scale: number, zero: number): Quant => ({ scale: [Math.fround(scale)], zero: [zero], axis: 0 })

/** int8 elements: spread over the range, or at its ends, where accumulators and roundings saturate. */
function bytes(d: Draws, length: number, low = -128): Int8Array {
  const ends = d.next() < 0.2
  return Int8Array.from({ length }, () => (ends ? d.oneOf(low, 127) : d.whole(low, 127)))
}

export const elements = (d: Draws, { shape }: Operand): Int8Array => bytes(d, size(shape))

/** An input and a scale for the output such that multipliers lie about `real`, from far below one to above. */
const spread = (d: Draws) => 2 ** (d.next() * 14 - 11)

function weighted(d: Draws, def: AnyOp, attrs: Attrs, xShape: Shape, wShape: Shape, axis: number): Case {
  const channels = wShape[axis]!
  const perChannel = d.next() < (def.name === 'fully-connected' ? 0.3 : 0.8)
  const x: Operand = { shape: xShape, dtype: 'int8', quant: perTensor(0.02, d.whole(-128, 127)) }
  const base = spread(d)
  const scales = Array.from({ length: perChannel ? channels : 1 }, () => Math.fround(base * 2 ** (d.next() * 6 - 3)))
  // Foreign files may hold -128, though the specification does not.
  const data = bytes(d, size(wShape), d.oneOf(-127, -128))
  const w: Operand = { shape: wShape, dtype: 'int8', data, quant: { scale: scales, zero: scales.map(() => 0), axis } }
  const large = d.next() < 0.1
  const bias = Int32Array.from({ length: channels }, () => (large ? d.oneOf(-(2 ** 31), 2 ** 31 - 1, 2 ** 30) : d.whole(-20000, 20000)))
  const b: Operand = { shape: [channels], dtype: 'int32', data: bias }
  const inputs = d.next() < 0.8 ? [x, w, b] : [x, w]
  const y: Operand = { shape: def.infer(attrs, inputs)[0]!, dtype: 'int8', quant: perTensor(0.02 * d.oneOf(1, 1, 100), d.whole(-128, 127)) }
  return { attrs, inputs, outputs: [y] }
}

/** Steps whose window fits the image. */
function windowed(d: Draws, kernelH: number, kernelW: number, dilates: boolean) {
  const [dilationH, dilationW] = dilates && d.next() < 0.3 ? [d.whole(1, 3), d.whole(1, 3)] : [1, 1]
  const reach = (k: number, dilation: number) => (k - 1) * dilation + 1
  return {
    steps: {
      ...{ padding: d.oneOf('same', 'valid'), strideH: d.whole(1, 3), strideW: d.whole(1, 3) },
      ...(dilates && { dilationH, dilationW }),
      fusedActivation: d.oneOf('none', 'none', 'relu', 'relu6', 'relu-n1-to-1'),
    },
    height: reach(kernelH, dilationH) + d.whole(0, 9),
    width: reach(kernelW, dilationW) + d.whole(0, 9),
  }
}

const kernel = (d: Draws): readonly [number, number] => d.oneOf<readonly [number, number]>([3, 3], [1, 1], [d.whole(1, 5), d.whole(1, 5)])

/** Makes a case for the room of this name. */
export const cases: Readonly<Record<string, (d: Draws) => Case>> = {
  'conv-2d': (d) => {
    const [kernelH, kernelW] = kernel(d)
    const { steps, height, width } = windowed(d, kernelH, kernelW, true)
    const def = opOf({ op: 'conv-2d' })
    const [inChannels, outChannels] = [d.whole(1, 20), d.whole(1, 20)]
    const attrs = attrsWith(def, d.next() < 0.3 && kernelH * kernelW === 1 ? { ...steps, strideH: 1, strideW: 1 } : steps)
    return weighted(d, def, attrs, [d.whole(1, 2), height, width, inChannels], [outChannels, kernelH, kernelW, inChannels], 0)
  },
  'depthwise-conv-2d': (d) => {
    const [kernelH, kernelW] = kernel(d)
    const { steps, height, width } = windowed(d, kernelH, kernelW, true)
    const def = opOf({ op: 'depthwise-conv-2d' })
    const channels = d.whole(1, 20)
    const depthMultiplier = channels === 1 ? d.whole(1, 9) : 1
    const wShape = [1, kernelH, kernelW, channels * depthMultiplier]
    return weighted(d, def, attrsWith(def, { ...steps, depthMultiplier }), [d.whole(1, 2), height, width, channels], wShape, 3)
  },
  'fully-connected': (d) => {
    const def = opOf({ op: 'fully-connected' })
    const [rows, depth] = [d.oneOf(1, 1, d.whole(1, 150)), d.whole(1, 70)]
    const attrs = attrsWith(def, { fusedActivation: d.oneOf('none', 'relu', 'relu6') })
    return weighted(d, def, attrs, [rows, depth], [d.whole(1, 30), depth], 0)
  },
  'average-pool-2d': (d) => pooled(d, 'average-pool-2d'),
  'max-pool-2d': (d) => pooled(d, 'max-pool-2d'),
  add: (d) => {
    const shape = [1, d.whole(1, 5), d.whole(1, 5), d.whole(1, 19)]
    const tensor = (): Operand => ({ shape, dtype: 'int8', quant: perTensor(0.01 * 2 ** (d.next() * 8 - 4), d.whole(-128, 127)) })
    const attrs = attrsWith(opOf({ op: 'add' }), { fusedActivation: d.oneOf('none', 'relu', 'relu6') })
    return { attrs, inputs: [tensor(), tensor()], outputs: [tensor()] }
  },
}

function pooled(d: Draws, op: string): Case {
  const [filterH, filterW] = kernel(d)
  const { steps, height, width } = windowed(d, filterH, filterW, false)
  const def = opOf({ op })
  const attrs = attrsWith(def, { ...steps, filterH, filterW })
  const x: Operand = { shape: [d.whole(1, 2), height, width, d.whole(1, 20)], dtype: 'int8', quant: perTensor(0.05, d.whole(-128, 127)) }
  return { attrs, inputs: [x], outputs: [{ ...x, shape: def.infer(attrs, [x])[0]! }] }
}
