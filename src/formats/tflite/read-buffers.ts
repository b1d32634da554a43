/** The data of a file's buffers, as views of its bytes. */
import type { Guarded } from './guard.ts'
import { corrupt, truncated } from './refuse.ts'
import type { Buffer } from './schema/tflite.ts'

/** One view for each buffer; empty where it holds none. Data lies in the buffer's vector, or behind the flatbuffer at `offset`. */
export function readBuffers({ model, structure, bytes }: Guarded): Uint8Array[] {
  return Array.from({ length: model.buffersLength() }, (_, i) => {
    const buffer = model.buffers(i)!
    if (buffer.offset() <= 1n) return buffer.dataArray() ?? new Uint8Array(0)
    return outside(buffer, i)
  })

  function outside(buffer: Buffer, i: number): Uint8Array {
    const [offset, size] = [Number(buffer.offset()), Number(buffer.size())]
    const place = `Model.buffers[${i}].offset`
    if (buffer.dataLength() > 0) throw corrupt(place, 'is given besides data', offset, 'data or an offset', buffer.bb_pos)
    if (offset + size > bytes.length) throw truncated(place, buffer.bb_pos, offset + size, bytes.length)
    structure.spend(size, place, buffer.bb_pos)
    return bytes.subarray(offset, offset + size)
  }
}
