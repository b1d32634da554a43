/** Runs programs call by call on this thread and notes what each kernel takes. */
import type { Program } from '../../../wasm/program.ts'
import type { KernelTime } from '../define.ts'

/** Floating-point operations of a call, from its arguments; kernels that move and mix memory count none. */
const operations: Readonly<Record<string, (args: readonly number[]) => number>> = {
  conv: ([, , , outH, outW, outputs, kernelH, segments, length]) => 2 * outH! * outW! * outputs! * kernelH! * segments! * length!,
  convFilter: ([, , , outH, outW, outputs, kernelH, segments, , , , , , from, to]) =>
    2 * outH! * outW! * outputs! * kernelH! * segments! * (to! - from!),
  tileProducts: ([, , , positions, tiles, inputs, outputs]) => 2 * positions! * tiles! * inputs! * outputs!,
  tileFilter: ([, , , positions, tiles, inputs, outputs]) => 2 * positions! * tiles! * inputs! * outputs!,
  depthwise: ([, , , , outH, outW, channels, kernelH, kernelW]) => 2 * outH! * outW! * channels! * kernelH! * kernelW!,
  depthwiseFilter: ([, , , outH, outW, channels, kernelH, kernelW]) => 2 * outH! * outW! * channels! * kernelH! * kernelW!,
}

type Kernels = Readonly<Record<string, (...args: number[]) => void>>

export class Profiler {
  readonly #kernels: Kernels
  readonly #times = new Map<string, { calls: number; ms: number; flops: number }>()

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.#kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels
  }

  run(program: Program, from: number, to: number): void {
    for (const { kernel, args } of program.slice(from, to).flat(2)) {
      const time = this.#times.get(kernel) ?? { calls: 0, ms: 0, flops: 0 }
      this.#times.set(kernel, time)
      const begun = performance.now()
      this.#kernels[kernel]!(...args)
      time.ms += performance.now() - begun
      time.calls++
      time.flops += operations[kernel]?.(args) ?? 0
    }
  }

  /** The slowest first. */
  times(): KernelTime[] {
    return [...this.#times].map(([kernel, time]) => ({ kernel, ...time })).sort((a, b) => b.ms - a.ms)
  }
}
