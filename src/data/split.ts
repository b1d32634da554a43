/** Makes a split: a way to read its images, and a digest that is computed when first asked for. */
import { createHash } from 'node:crypto'
import type { Split } from './define.ts'

/** The digest is SHA-256 over the shape, each image as uint8 [height, width, channels], then the labels as int32, little-endian. */
export function splitOf(shape: Split['shape'], labels: Int32Array, read: Split['read']): Split {
  let digest: string | undefined
  return {
    count: labels.length,
    shape,
    labels,
    read,
    get digest() {
      return (digest ??= digestOf(shape, labels, read))
    },
  }
}

function digestOf(shape: Split['shape'], labels: Int32Array, read: Split['read']): string {
  const hash = createHash('sha256').update(shape.join(' '))
  const image = new Uint8Array(shape[0] * shape[1] * shape[2])
  for (let i = 0; i < labels.length; i++) {
    read(i, image, 0)
    hash.update(image)
  }
  const words = new DataView(new ArrayBuffer(labels.length * 4))
  labels.forEach((label, i) => {
    words.setInt32(i * 4, label, true)
  })
  return hash.update(new Uint8Array(words.buffer)).digest('hex')
}
