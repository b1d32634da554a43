/** SQUEEZE: drops axes of one element: those named, or all. */
import { activation, defineOp, ints, same } from './define.ts'
import { axisOf, copy } from './kit/gather.ts'

export const squeeze = defineOp({
  name: 'squeeze',
  tflite: { code: 43, options: 30, version: () => 1 },
  attrs: { squeezeDims: ints(0) },
  family: 'free',
  roles: { in: [activation], out: [same()] },
  infer: ({ squeezeDims }, [x]) => {
    const named = new Set(squeezeDims.map((axis) => axisOf(axis, x.shape.length)))
    for (const axis of named) if (x.shape[axis] !== 1) throw new Error(`axis ${axis} of [${x.shape}] has more than one element`)
    return [x.shape.filter((extent, axis) => (named.size ? !named.has(axis) : extent !== 1))]
  },
  macs: () => 0,
  facts: () => ({}),
  float: () => copy,
  int8: () => copy,
  examples: [{ shapes: [[1, 1, 3, 4]] }, { attrs: { squeezeDims: [1, -1] }, shapes: [[1, 1, 3, 1]] }],
})
