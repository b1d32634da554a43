/** SPLIT_V: cuts a tensor into parts of constant extents along a constant axis. */
import { activation, defineOp, index, int, type Operand, same } from './define.ts'
import { axisOf, constant } from './kit/gather.ts'
import { cut } from './kit/pieces.ts'

export const splitV = defineOp({
  name: 'split-v',
  tflite: { code: 102, options: 79, version: (_, [x]) => (x?.dtype === 'int8' ? 2 : 1) },
  attrs: { numSplits: int(0) },
  family: 'move',
  roles: { in: [activation, index, index], out: [same()], restOut: same() },
  infer: ({ numSplits }, operands) => {
    const [along, extents] = partsOf(operands)
    if (extents.length !== numSplits) throw new Error(`it has the extents [${extents}] for ${numSplits} parts`)
    return extents.map((extent) => operands[0].shape.with(along, extent))
  },
  macs: () => 0,
  facts: ({ numSplits }, [, sizes, axis]) => ({ parametersConstant: !!sizes.data && !!axis.data, splits: numSplits }),
  float: (_, operands) => parts(operands),
  int8: (_, operands) => parts(operands),
  examples: [
    { attrs: { numSplits: 2 }, shapes: [[1, 3, 3, 5], [2], [1]], consts: { 1: [2, 3], 2: [3] } },
    { attrs: { numSplits: 3 }, shapes: [[2, 6, 3], [3], [1]], consts: { 1: [1, -1, 3], 2: [-2] } },
  ],
})

/** The axis, and the extents with the one that is left open, -1, filled. */
function partsOf([x, sizes, axis]: readonly Operand[]): readonly [number, number[]] {
  const along = axisOf(constant(axis, 'axis')[0]!, x!.shape.length)
  const [stated, whole] = [constant(sizes, 'extents'), x!.shape[along]!]
  const rest = stated.reduce((left, extent) => left - Math.max(extent, 0), whole)
  const extents = stated.map((extent) => (extent === -1 ? rest : extent))
  if (extents.some((extent) => extent < 0) || extents.reduce((a, b) => a + b, 0) !== whole)
    throw new Error(`axis ${along} of [${x!.shape}] does not split into [${stated}]`)
  return [along, extents]
}

function parts(operands: readonly Operand[]) {
  const [along, extents] = partsOf(operands)
  return cut(along, operands[0]!.shape, extents)
}
