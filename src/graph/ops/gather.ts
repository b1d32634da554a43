/** GATHER: picks slices along an axis by their indices, which may be computed; the first `batchDims` axes go in step. */
import { UserError } from '../../errors.ts'
import { size } from '../ir/graph.ts'
import { activation, defineOp, index, int, type Kernel, type Operand, same } from './define.ts'
import { axisOf } from './kit/gather.ts'

export const gather = defineOp({
  name: 'gather',
  tflite: {
    code: 36,
    options: 23,
    version: ({ batchDims }, [x, indices]) =>
      indices?.dtype === 'int16' ? 6 : batchDims ? 5 : x?.dtype === 'int16' ? 4 : x?.dtype === 'bool' ? 3 : x?.dtype === 'int8' ? 2 : 1,
  },
  attrs: { axis: int(0), batchDims: int(1) },
  family: 'move',
  roles: { in: [activation, index], out: [same()] },
  infer: (attrs, [x, indices]) => {
    const [axis, batchDims] = axesOf(attrs, x, indices)
    if (batchDims > axis || batchDims > indices.shape.length || x.shape.slice(0, batchDims).some((n, i) => n !== indices.shape[i]))
      throw new Error(`indices [${indices.shape}] do not pick from axis ${axis} of [${x.shape}], ${batchDims} axes in step`)
    return [[...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)]]
  },
  macs: () => 0,
  facts: (attrs, [x, indices]) => {
    const [axis, batchDims] = axesOf(attrs, x, indices)
    return { axis, batchDims, axisIsBatchDims: axis === batchDims, indicesConstant: indices.data !== undefined }
  },
  float: (attrs, operands) => pick(attrs, operands),
  int8: (attrs, operands) => pick(attrs, operands),
  examples: [
    { attrs: { axis: 1 }, shapes: [[2, 5, 3], [4]], consts: { 1: [4, 0, 0, 2] } },
    {
      attrs: { axis: -1 },
      shapes: [
        [1, 3, 3, 4],
        [2, 3],
      ],
      consts: { 1: [0, 3, 1, 2, 2, 0] },
    },
    {
      attrs: { axis: 2, batchDims: 1 },
      shapes: [
        [2, 3, 4],
        [2, 2],
      ],
      consts: { 1: [1, 3, 0, 2] },
    },
  ],
})

type GatherAttrs = { readonly axis: number; readonly batchDims: number }

const axesOf = ({ axis, batchDims }: GatherAttrs, x: Operand, indices: Operand): readonly [number, number] => [
  axisOf(axis, x.shape.length),
  batchDims < 0 ? batchDims + indices.shape.length : batchDims,
]

function pick(attrs: GatherAttrs, [x, indices]: readonly Operand[]): Kernel {
  const [axis, batchDims] = axesOf(attrs, x!, indices!)
  const [batches, outer] = [size(x!.shape.slice(0, batchDims)), size(x!.shape.slice(batchDims, axis))]
  const [extent, inner, count] = [x!.shape[axis]!, size(x!.shape.slice(axis + 1)), size(indices!.shape.slice(batchDims))]
  return ([xs, picks], [ys]) => {
    let to = 0
    for (let b = 0; b < batches; b++)
      for (let o = 0; o < outer; o++)
        for (let i = 0; i < count; i++, to += inner) {
          const at = Number(picks![b * count + i])
          if (!(at >= 0 && at < extent)) throw outside(at, extent)
          const from = ((b * outer + o) * extent + at) * inner
          ys!.set(xs!.subarray(from, from + inner) as never, to)
        }
  }
}

const outside = (at: number, extent: number) =>
  new UserError('cannot-execute', 'GATHER met an index outside of its axis', { found: `${at}`, expected: `0 to ${extent - 1}` })
