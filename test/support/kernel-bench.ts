/** A memory to try the training kernels in, and how near they must come to loops in double. */
import { expect } from 'vitest'
import { key, uniform } from '../../src/graph/math/random.ts'
import { type Draft, isPlace, type Region } from '../../src/training/backends/wasm/region.ts'
import { loadModule } from '../../src/wasm/load.ts'

export const memory = new WebAssembly.Memory({ initial: 64 })
const kernels = new WebAssembly.Instance(loadModule('training'), { env: { memory } }).exports as Record<string, (...args: number[]) => void>
const stream = key(3, 'test')
let drawn = 0
export const draw = (n: number, spread = 1) => Float32Array.from({ length: n }, () => (uniform(stream, drawn++) - 0.5) * 2 * spread)

/** Fresh memory full of NaN; what is put or taken there lies apart by NaN too, so that a stray read or write shows. */
export class Bench {
  #top = 1024
  constructor() {
    new Float32Array(memory.buffer).fill(Number.NaN)
  }
  room(floats: number): Region {
    const address = this.#top
    this.#top = Math.ceil((address + floats * 4 + 64) / 64) * 64
    return { name: '', bytes: floats * 4, kept: true, address }
  }
  put(values: ArrayLike<number>): Region {
    const region = this.room(values.length)
    new Float32Array(memory.buffer, region.address, values.length).set(values)
    return region
  }
  read({ address, bytes }: Region): Float32Array {
    const values = new Float32Array(memory.buffer, address, bytes / 4 + 1).slice()
    expect(values.at(-1)).toBeNaN()
    return values.subarray(0, -1)
  }
  run(calls: readonly Draft[]): void {
    for (const { kernel, args } of calls)
      kernels[kernel]!(...args.map((arg) => (typeof arg === 'number' ? arg : isPlace(arg) ? arg.region.address + arg.offset : arg.address)))
  }
  call(kernel: string, ...args: (number | Region)[]): void {
    this.run([{ kernel, args }])
  }
}

/** Relative distance of the whole: |ours - theirs| / |theirs|. */
export function expectClose(ours: ArrayLike<number>, theirs: ArrayLike<number>, limit = 1e-5): void {
  let [top, bottom] = [0, 0]
  for (let i = 0; i < theirs.length; i++) {
    top += (ours[i]! - theirs[i]!) ** 2
    bottom += theirs[i]! ** 2
  }
  expect(Math.sqrt(top / (bottom || 1))).toBeLessThanOrEqual(limit)
}
