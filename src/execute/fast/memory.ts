/** A WebAssembly memory that tensors, packed weights and working space share. */
import { UserError } from '../../errors.ts'
import type { Exports, FastMemory, Packs } from './define.ts'

const PAGE = 65536

/** Kernels load whole vectors, so they read, and in the working space write, this far past an end. */
const SLACK = 64

/** A fresh memory with an instance of the kernels' module in it. */
export function createMemory(module: WebAssembly.Module, packs: Packs = new WeakMap()): FastMemory {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  // Zero stays free, so that no pointer is null.
  let top = SLACK
  let scratch = { at: 0, bytes: 0 }

  function allocate(bytes: number): number {
    const at = top
    top = Math.ceil((at + bytes) / 16) * 16
    const missing = top + SLACK - memory.buffer.byteLength
    if (missing > 0) grow(memory, Math.ceil(missing / PAGE))
    return at
  }

  return {
    exports: exports as unknown as Exports,
    get buffer() {
      return memory.buffer
    },
    get scratch() {
      return scratch.at
    },
    allocate,
    needScratch(bytes) {
      if (bytes + SLACK > scratch.bytes) scratch = { at: allocate(bytes + SLACK), bytes: bytes + SLACK }
    },
    put(values) {
      const at = allocate(values.byteLength)
      new Uint8Array(memory.buffer).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
      return at
    },
    packed<T>(weights: Int8Array | Float32Array, form: string, pack: () => T): T {
      const known = packs.get(weights)
      if (known?.form === form) return known.made as T
      const made = pack()
      packs.set(weights, { form, made })
      return made
    },
  }
}

function grow(memory: WebAssembly.Memory, pages: number): void {
  try {
    memory.grow(pages)
  } catch (cause) {
    throw new UserError('model-too-large', 'The model needs more memory than the compiled kernels can address', {
      found: `${memory.buffer.byteLength + pages * PAGE} bytes`,
      expected: 'less than 4 GiB, and no more than this machine has',
      hint: 'Run it with the plain kernels, or on another executor',
      cause,
    })
  }
}
