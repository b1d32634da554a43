/** Notes what each kernel of tfjs takes, whatever the backend: kernels run to their end before they return. */
import * as tf from '@tensorflow/tfjs-core'
import type { KernelTime } from '../define.ts'

type Run = (...args: unknown[]) => unknown
type Engine = { runKernel: Run }

export class KernelClock {
  readonly #times = new Map<string, { calls: number; ms: number; flops: number }>()
  /** What the kernels inside the one that runs have taken: some are made of others. */
  #inside = 0

  /** Watches tfjs while `run` goes on. */
  during<T>(run: () => T): T {
    const engine = tf.engine() as unknown as Engine
    const own = engine.runKernel
    engine.runKernel = (...args) => this.#time(args[0] as string, () => own.apply(engine, args))
    try {
      return run()
    } finally {
      // It is a method of the class again.
      delete (engine as Partial<Engine>).runKernel
    }
  }

  #time(kernel: string, run: () => unknown): unknown {
    const before = this.#inside
    this.#inside = 0
    const begun = performance.now()
    try {
      return run()
    } finally {
      const ms = performance.now() - begun
      const time = this.#times.get(kernel) ?? { calls: 0, ms: 0, flops: 0 }
      this.#times.set(kernel, time)
      time.calls++
      time.ms += ms - this.#inside
      this.#inside = before + ms
    }
  }

  /** The slowest first; tfjs does not say how many operations a kernel takes. */
  times(): KernelTime[] {
    return [...this.#times].map(([kernel, time]) => ({ kernel, ...time })).sort((a, b) => b.ms - a.ms)
  }
}
