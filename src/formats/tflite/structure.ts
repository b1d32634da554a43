/** Walks a flatbuffer by a layout and proves that each table, vector and string lies inside the file, before anything reads it. */
import { type Layout, layouts, scalarBytes } from './layout.ts'
import { corrupt, truncated } from './refuse.ts'

/** A table's fixed price besides its fields and vectors: above what sharing a table can save, so that work and memory stay within the file's size. */
const tablePrice = 16
/** A file written by any tool costs less than 2 for each of its bytes; only shared or looping tables cost more. */
const pricePerByte = 4

export class Structure {
  readonly bytes: Uint8Array
  readonly #view: DataView
  #budget: number

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#budget = 4096 + pricePerByte * bytes.length
  }

  /** Takes `price` from the budget of work; refuses the file where it is spent. */
  spend(price: number, place: string, at: number): void {
    this.#budget -= price
    if (this.#budget < 0) throw corrupt(place, 'is reached again and again', 'looping or shared tables', 'each table once', at)
  }

  /** The root table, after proving it and all that it reaches. */
  root(layout: string): number {
    const at = this.#offset(0, 'the root offset')
    this.table(at, layouts[layout]!, layout)
    return at
  }

  /** Proves the table at `at`, and what its fields reach. Types of tables are not recursive, so neither depth nor stack can run away. */
  table(at: number, layout: Layout, place: string): void {
    this.#inside(at, 4, 4, place)
    const vtable = at - this.#view.getInt32(at, true)
    if (vtable < 0) throw corrupt(place, 'has its vtable before the start of the file', vtable, 'an offset inside the file', at)
    this.#inside(vtable, 4, 2, `the vtable of ${place}`)
    const vtableBytes = this.#view.getUint16(vtable, true)
    const tableBytes = this.#view.getUint16(vtable + 2, true)
    if (vtableBytes < 4 || vtableBytes % 2)
      throw corrupt(`the vtable of ${place}`, 'has a wrong size', vtableBytes, 'an even size of at least 4', vtable)
    if (tableBytes < 4) throw corrupt(place, 'has a wrong size', tableBytes, 'at least 4 bytes', vtable + 2)
    this.#inside(vtable, vtableBytes, 2, `the vtable of ${place}`)
    this.#inside(at, tableBytes, 4, place)
    this.spend(tablePrice + vtableBytes / 2, place, at)
    let slot = 4
    for (const [name, type] of Object.entries(layout)) {
      if (slot >= vtableBytes) return
      const field = this.#view.getUint16(vtable + slot, true)
      slot += 2
      if (field === 0) continue
      const bytes = scalarBytes[type] ?? 4
      if (field < 4 || field + bytes > tableBytes) {
        throw corrupt(`${place}.${name}`, 'lies outside its table', `offset ${field}`, `4 to ${tableBytes - bytes}`, at)
      }
      if ((at + field) % bytes) throw corrupt(`${place}.${name}`, 'is not aligned', at + field, `a multiple of ${bytes}`, at + field)
      if (!(type in scalarBytes)) this.#reference(at + field, type, `${place}.${name}`)
    }
  }

  #reference(at: number, type: string, place: string): void {
    const target = this.#offset(at, place)
    if (type === 'string') this.#vector(target, 1, place)
    else if (!type.startsWith('[')) this.table(target, layouts[type]!, place)
    else {
      const element = type.slice(1, -1)
      const length = this.#vector(target, scalarBytes[element] ?? 4, place)
      if (element in scalarBytes) return
      for (let i = 0; i < length; i++) {
        const entry = `${place}[${i}]`
        this.table(this.#offset(target + 4 + 4 * i, entry), layouts[element]!, entry)
      }
    }
  }

  /** The number of elements of the vector at `at`. */
  #vector(at: number, elementBytes: number, place: string): number {
    this.#inside(at, 4, 4, place)
    const length = this.#view.getUint32(at, true)
    this.#inside(at + 4, length * elementBytes, elementBytes, place)
    this.spend(4 + length * elementBytes, place, at)
    return length
  }

  /** Where the forward offset at `at` leads. */
  #offset(at: number, place: string): number {
    this.#inside(at, 4, 4, place)
    const offset = this.#view.getUint32(at, true)
    if (offset === 0) throw corrupt(place, 'holds the offset 0', 0, 'an offset to something', at)
    return at + offset
  }

  #inside(at: number, bytes: number, alignment: number, place: string): void {
    if (at % alignment) throw corrupt(place, 'is not aligned', at, `a multiple of ${alignment}`, at)
    if (at + bytes > this.bytes.length) throw truncated(place, at, at + bytes, this.bytes.length)
    if (at + bytes > 0x7fffffff) throw corrupt(place, 'lies beyond 2 GiB', at, 'offsets below 2 GiB', at)
  }
}
