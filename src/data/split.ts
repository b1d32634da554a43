/** Makes a split: a way to read its images, and a digest that is computed when first asked for. */
import { createHash } from 'node:crypto'
import type { Split } from './define.ts'

type More = Pick<Split, 'mask' | 'ahead'> & { readonly digest?: () => string }

/** The digest is SHA-256 over the shape, each image as uint8 [height, width, channels] and its mask, then the labels as int32, little-endian. */
export function splitOf(shape: Split['shape'], labels: Int32Array, read: Split['read'], more: More = {}): Split {
  const { digest: own, ...rest } = more
  let digest: string | undefined
  return {
    count: labels.length,
    shape,
    labels,
    read,
    ...rest,
    get digest() {
      return (digest ??= own?.() ?? digestOf(shape, labels, read, more.mask))
    },
  }
}

/** The same split under a digest that is known already, so that nobody reads all images for it. */
export const withDigest = ({ shape, labels, read, mask, ahead }: Split, digest: string): Split =>
  splitOf(shape, labels, read, { ...(mask && { mask }), ...(ahead && { ahead }), digest: () => digest })

/** Some images of a split, in the order given. */
export function subset(split: Split, indices: ArrayLike<number>): Split {
  const { mask, ahead } = split
  return splitOf(
    split.shape,
    Int32Array.from(indices, (i) => split.labels[i]!),
    (index, into, offset) => split.read(indices[index]!, into, offset),
    {
      ...(mask && { mask: (index, into, offset) => mask(indices[index]!, into, offset) }),
      ...(ahead && { ahead: (next) => ahead(Array.from(next, (i) => indices[i]!)) }),
    },
  )
}

function digestOf(shape: Split['shape'], labels: Int32Array, read: Split['read'], mask: Split['mask']): string {
  const hash = createHash('sha256').update(shape.join(' '))
  const image = new Uint8Array(shape[0] * shape[1] * shape[2])
  const classes = new Uint8Array(shape[0] * shape[1])
  for (let i = 0; i < labels.length; i++) {
    read(i, image, 0)
    hash.update(image)
    if (!mask) continue
    mask(i, classes, 0)
    hash.update(classes)
  }
  const words = new DataView(new ArrayBuffer(labels.length * 4))
  labels.forEach((label, i) => {
    words.setInt32(i * 4, label, true)
  })
  return hash.update(new Uint8Array(words.buffer)).digest('hex')
}
