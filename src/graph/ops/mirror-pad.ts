/** MIRROR_PAD: widens each axis by its own elements, mirrored about the border element (reflect) or about the border (symmetric). */
import { activation, defineOp, index, type Operand, oneOf, same } from './define.ts'
import { constant } from './kit/gather.ts'
import { secondForInt8 } from './kit/scale.ts'
import { widen, widening } from './kit/widen.ts'

export const mirrorPad = defineOp({
  ...widening,
  name: 'mirror-pad',
  tflite: { code: 100, options: 77, version: secondForInt8 },
  attrs: { mode: oneOf(0, 'reflect', 'symmetric') },
  roles: { in: [activation, index], out: [same()] },
  infer: ({ mode }, [x, by]) => {
    const [widths, most] = [constant(by, 'paddings'), mode === 'reflect' ? 1 : 0]
    const wide = widths.find((n, i) => n > x.shape[i >> 1]! - most)
    if (wide !== undefined) throw new Error(`[${x.shape}] has too few elements to mirror ${wide}`)
    return widening.infer(undefined, [x, by])
  },
  float: ({ mode }, inputs, [y]) => mirror(mode, inputs, y),
  int8: ({ mode }, inputs, [y]) => mirror(mode, inputs, y),
  examples: [
    {
      shapes: [
        [1, 3, 4, 2],
        [4, 2],
      ],
      consts: { 1: [0, 0, 1, 2, 2, 3, 0, 1] },
    },
    {
      attrs: { mode: 'symmetric' },
      shapes: [
        [2, 5],
        [2, 2],
      ],
      consts: { 1: [2, 1, 0, 5] },
    },
  ],
})

function mirror(mode: string, inputs: readonly Operand[], y: Operand) {
  const gap = mode === 'reflect' ? 0 : 1
  return widen(inputs, y, 0, (at, extent) => (at < 0 ? -at - gap : 2 * (extent - 1) - at + gap))
}
