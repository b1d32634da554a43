/** The buffers of a file being written: each distinct constant once, aligned as every runtime likes it. */
import type { Builder } from 'flatbuffers'
import type { Data } from '../../graph/ir/graph.ts'
import { Buffer } from './schema/tflite.ts'

/** Bytes at which a buffer's data is aligned, counted from the start of the file (the format's force_align). */
export const bufferAlignment = 16

const same = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i])

export class BufferList {
  /** Buffer 0 is empty: tensors without data name it. */
  readonly #list: Uint8Array[] = [new Uint8Array(0)]
  readonly #byLength = new Map<number, number[]>()

  /** The index of a buffer with these elements; equal constants share one. */
  constant(data: Data | undefined): number {
    if (!data) return 0
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const peers = this.#byLength.get(bytes.length) ?? []
    const known = peers.find((i) => same(bytes, this.#list[i]!))
    if (known !== undefined) return known
    const index = this.add(bytes)
    this.#byLength.set(bytes.length, [...peers, index])
    return index
  }

  /** The index of a buffer of its own for these bytes. */
  add(bytes: Uint8Array): number {
    return this.#list.push(bytes) - 1
  }

  /** Writes all; returns the offsets of the buffer tables. */
  write(builder: Builder): number[] {
    return this.#list.map((bytes) => {
      const data = bytes.length ? vector(builder, bytes) : 0
      Buffer.startBuffer(builder)
      Buffer.addData(builder, data)
      return Buffer.endBuffer(builder)
    })
  }
}

function vector(builder: Builder, bytes: Uint8Array): number {
  // The builder writes from the end: after this, `bytes.length` more end at a multiple of the alignment.
  builder.prep(bufferAlignment, bytes.length)
  return builder.createByteVector(bytes)
}
