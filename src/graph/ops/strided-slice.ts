/** STRIDED_SLICE: from begin to end in steps, along each axis; bits of the masks ignore a bound or drop an axis. */
import { activation, bool, defineOp, index, int, type Kernel, type Operand, same } from './define.ts'
import { constant, gather, stridesOf } from './kit/gather.ts'

export const stridedSlice = defineOp({
  name: 'strided-slice',
  tflite: {
    code: 45,
    options: 32,
    version: ({ offset, ellipsisMask, newAxisMask }, [x]) =>
      offset ? 8 : ellipsisMask || newAxisMask ? 6 : (x?.shape.length ?? 0) > 4 ? 4 : x?.dtype === 'bool' ? 3 : x?.dtype === 'int8' ? 2 : 1,
  },
  attrs: {
    ...{ beginMask: int(0), endMask: int(1), ellipsisMask: int(2), newAxisMask: int(3), shrinkAxisMask: int(4), offset: bool(5) },
  },
  family: 'move',
  roles: { in: [activation, index, index, index], out: [same()] },
  infer: (attrs, operands) => {
    const ranges = rangesOf(attrs, operands)
    return [ranges.filter((r) => !r.drop).map((r) => r.count)]
  },
  macs: () => 0,
  facts: (attrs, [x, begin, end, strides]) => {
    const { ellipsisMask, newAxisMask, offset } = attrs
    const parametersConstant = [begin, end, strides].every((operand) => operand.data !== undefined)
    if (!parametersConstant) return { parametersConstant, ellipsisMask, newAxisMask, offset }
    const steps = constant(strides, 'strides')
    const plain = !ellipsisMask && !newAxisMask && !offset
    const ranges = plain ? rangesOf(attrs, [x, begin, end, strides]) : []
    return {
      ...{ parametersConstant, strideMin: Math.min(...steps), strideMax: Math.max(...steps), ellipsisMask, newAxisMask, offset },
      ...(plain && { slicedAxes: ranges.filter(({ count }, axis) => count !== x.shape[axis]).length }),
    }
  },
  float: (attrs, operands, [y]) => slice(attrs, operands, y),
  int8: (attrs, operands, [y]) => slice(attrs, operands, y),
  examples: [
    { shapes: [[1, 4, 5, 3], [4], [4], [4]], consts: { 1: [0, 1, 0, 0], 2: [1, 4, 5, 2], 3: [1, 1, 2, 1] } },
    { attrs: { shrinkAxisMask: 1 }, shapes: [[3, 4], [2], [2], [2]], consts: { 1: [-1, 0], 2: [0, 3], 3: [1, 1] } },
    { attrs: { beginMask: 3, endMask: 3 }, shapes: [[3, 4], [2], [2], [2]], consts: { 1: [0, 0], 2: [0, 0], 3: [-1, 2] } },
  ],
})

type Masks = {
  readonly beginMask: number
  readonly endMask: number
  readonly ellipsisMask: number
  readonly newAxisMask: number
  readonly shrinkAxisMask: number
  readonly offset: boolean
}

/** First index, step and count along each axis, and whether the axis is dropped. */
function rangesOf(masks: Masks, [x, ...bounds]: readonly Operand[]) {
  const [begin, end, strides] = bounds.map((b, i) => constant(b, ['begin', 'end', 'strides'][i]!))
  if (masks.ellipsisMask || masks.newAxisMask || masks.offset)
    throw new Error('its ellipsis, new-axis and offset options are not supported')
  return x!.shape.map((n, axis) => {
    const step = strides![axis] ?? 1
    if (step === 0) throw new Error(`its stride along axis ${axis} is 0`)
    const [least, most] = step > 0 ? [0, n] : [-1, n - 1]
    const bound = (value: number | undefined, ignored: number, open: number): number => {
      if (value === undefined || (ignored >> axis) & 1) return open
      return Math.min(most, Math.max(least, value < 0 ? value + n : value))
    }
    const first = bound(begin![axis], masks.beginMask, step > 0 ? 0 : n - 1)
    if ((masks.shrinkAxisMask >> axis) & 1) return { first, step: 1, count: 1, drop: true }
    const last = bound(end![axis], masks.endMask, step > 0 ? n : -1)
    return { first, step, count: Math.max(0, Math.ceil((last - first) / step)), drop: false }
  })
}

function slice(masks: Masks, operands: readonly Operand[], y: Operand): Kernel {
  const ranges = rangesOf(masks, operands)
  const strides = stridesOf(operands[0]!.shape)
  const start = ranges.reduce((sum, r, axis) => sum + r.first * strides[axis]!, 0)
  const steps = ranges.map((r, axis) => r.step * strides[axis]!).filter((_, axis) => !ranges[axis]!.drop)
  return gather(y.shape, (at) => at.reduce((sum, n, i) => sum + n * steps[i]!, start))
}
