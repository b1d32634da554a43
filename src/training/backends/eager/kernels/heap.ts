/** Our training kernels inside the heap of tfjs's WASM backend: they read and write its tensors in place. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { loadModule } from '../../../../wasm/load.ts'
import { type Arg, type Draft, isPlace, type Region } from '../../wasm/region.ts'

type Inside = BackendWasm & {
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } }
  readonly wasm: { readonly asm: { readonly memory: WebAssembly.Memory }; _malloc(bytes: number): number; _free(address: number): void }
}

type Kernels = Readonly<Record<string, (...args: number[]) => void>>

/** Kernels may read 12 bytes past their operands (kernels/lanes.as.ts), and vectors like 16-byte addresses. */
const slack = 32

export class Heap {
  readonly #backend: Inside
  readonly #kernels: Kernels
  #scratch = 0
  #room = 0

  /** Throws UserError `kernels-missing`. */
  constructor(backend: BackendWasm) {
    this.#backend = backend as Inside
    const memory = this.#backend.wasm.asm.memory
    this.#kernels = new WebAssembly.Instance(loadModule('training'), { env: { memory } }).exports as Kernels
  }

  get view(): DataView {
    return new DataView(this.#backend.wasm.asm.memory.buffer)
  }

  /** Where a tensor lies. */
  region(tensor: tf.TensorInfo): Region {
    return {
      name: '',
      bytes: 4 * tf.util.sizeFromShape(tensor.shape),
      kept: true,
      address: this.#backend.dataIdMap.get(tensor.dataId).memoryOffset,
    }
  }

  output(shape: number[]): tf.TensorInfo {
    return this.#backend.makeOutput(shape, 'float32')
  }

  /** Regions of so many floats each, free to use until the next call of this. */
  scratch(...floats: readonly number[]): Region[] {
    const bytes = floats.map((n) => Math.ceil(n / 4) * 16 + slack)
    const need = bytes.reduce((a, b) => a + b, 16)
    if (need > this.#room) {
      const { wasm } = this.#backend
      if (this.#scratch) wasm._free(this.#scratch)
      this.#scratch = this.#room = 0
      this.#scratch = wasm._malloc(need) >>> 0
      this.#room = need
    }
    let at = Math.ceil(this.#scratch / 16) * 16
    return bytes.map((size) => {
      const address = at
      at += size
      return { name: '', bytes: size, kept: true, address }
    })
  }

  run(calls: readonly Draft[]): void {
    for (const { kernel, args } of calls) this.#kernels[kernel]!(...args.map(addressOf))
  }
}

const addressOf = (arg: Arg): number => (typeof arg === 'number' ? arg : isPlace(arg) ? arg.region.address + arg.offset : arg.address)
