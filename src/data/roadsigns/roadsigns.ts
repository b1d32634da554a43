/** The embedded data set: road signs rendered from a seed, 6,000 to train, 1,000 to validate, 2,000 to test. */
import { key } from '../../graph/math/random.ts'
import type { DataFormat, Split } from '../define.ts'
import { splitOf } from '../split.ts'
import { area, side } from './canvas.ts'
import { render } from './render.ts'
import { signs } from './signs.ts'

const bytes = area * 3

/** Images `from` to `from + count` of one endless sequence. Each is rendered when first read, then kept. */
function part(seed: number, from: number, count: number): Split {
  const labels = Int32Array.from({ length: count }, (_, i) => i % signs.length)
  const made = new Uint8Array(count)
  let images: Uint8Array | undefined
  return splitOf([side, side, 3], labels, (index, into, offset) => {
    images ??= new Uint8Array(count * bytes)
    if (!made[index]) {
      render(labels[index]!, key(seed, 'roadsigns', from + index), images, index * bytes)
      made[index] = 1
    }
    into.set(images.subarray(index * bytes, (index + 1) * bytes), offset)
  })
}

/** Keys of one seed are all different, so no two images of the three splits share their draws. Classes take turns: all are equally frequent. */
export const roadsigns: DataFormat = {
  name: 'roadsigns',
  says: 'the word roadsigns: embedded road signs, rendered from the seed',
  recognises: (source) => source === 'roadsigns',
  open: async (_, { seed }) => ({
    name: 'roadsigns',
    classes: signs.map((sign) => sign.name),
    splits: { train: part(seed, 0, 6000), validation: part(seed, 6000, 1000), test: part(seed, 7000, 2000) },
    mirrors: false,
    rendered: true,
  }),
}
