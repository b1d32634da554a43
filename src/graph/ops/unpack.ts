/** UNPACK: cuts a tensor into one for each index along an axis, which goes. */
import { activation, defineOp, int, type Operand, same } from './define.ts'
import { axisOf } from './kit/gather.ts'
import { cut } from './kit/pieces.ts'

export const unpack = defineOp({
  name: 'unpack',
  tflite: {
    code: 88,
    options: 64,
    version: (_, [x]) => (x?.dtype === 'int16' ? 4 : x?.dtype === 'bool' ? 3 : x?.dtype === 'int8' ? 2 : 1),
  },
  attrs: { num: int(0), axis: int(1) },
  family: 'move',
  roles: { in: [activation], out: [same()], restOut: same() },
  infer: ({ num, axis }, [x]) => {
    const along = axisOf(axis, x.shape.length)
    if (x.shape[along] !== num) throw new Error(`axis ${along} of [${x.shape}] does not unpack into ${num} tensors`)
    return Array.from({ length: num }, () => x.shape.toSpliced(along, 1))
  },
  macs: () => 0,
  facts: ({ num, axis }, [x]) => ({ splits: num, axis: axisOf(axis, x.shape.length) }),
  float: ({ axis }, [x], outputs) => slices(axis, x, outputs),
  int8: ({ axis }, [x], outputs) => slices(axis, x, outputs),
  examples: [
    { attrs: { num: 3, axis: 0 }, shapes: [[3, 4]] },
    { attrs: { num: 2, axis: -1 }, shapes: [[2, 3, 5, 2]] },
  ],
})

const slices = (axis: number, { shape }: Operand, outputs: readonly Operand[]) =>
  cut(
    axisOf(axis, shape.length),
    shape,
    outputs.map(() => 1),
  )
