/**
 * The loop in which each thread takes tickets, a ticket being one part of one stage. Its text also runs in the workers
 * (`work.toString()`), so that one source serves dist and test without a file to find: it must refer to nothing outside.
 */

/** Words of the control block. Ticket numbers never start anew, they wrap around: compare differences. */
export const words = {
  generation: 0,
  next: 1,
  done: 2,
  sleepers: 3,
  failed: 4,
  program: 5,
  base: 6,
  from: 7,
  to: 8,
  quit: 9,
  ready: 10,
} as const

/** A program bound to one instance: `starts[s]` tickets come before stage s. */
export type Bound = {
  readonly starts: readonly number[]
  readonly stages: readonly (readonly (readonly { readonly run: (...args: number[]) => void; readonly args: readonly number[] }[])[])[]
}

/**
 * Works off stages `from` to `to`, whose first ticket is `base`, until no ticket is left, and then `waits`, or not, until all are
 * done. A ticket is taken by compare-exchange, so that a late thread of an earlier run takes none. Its part begins once every
 * earlier stage is done. `stalled` is asked each time 100 ms passed without progress; true gives up. False: given up or failed.
 * Waiting spins first: a stage of a small network takes 100 to 500 microseconds, less than it takes to wake a thread twice.
 */
export function work(
  control: Int32Array,
  bound: Bound,
  from: number,
  to: number,
  base: number,
  waits: boolean,
  stalled: () => boolean,
): boolean {
  const [NEXT, DONE, SLEEPERS, FAILED] = [1, 2, 3, 4]
  const offset = (base - bound.starts[from]!) | 0
  const end = (offset + bound.starts[to]!) | 0
  const reached = (need: number): boolean => {
    for (let spins = 0; ((Atomics.load(control, DONE) - need) | 0) < 0; spins++) {
      if (spins < 3000) continue
      if (Atomics.load(control, FAILED) !== 0) return false
      Atomics.add(control, SLEEPERS, 1)
      const seen = Atomics.load(control, DONE)
      const slept = ((seen - need) | 0) < 0 ? Atomics.wait(control, DONE, seen, 100) : 'ok'
      Atomics.sub(control, SLEEPERS, 1)
      if (slept === 'timed-out' && stalled()) return false
    }
    return Atomics.load(control, FAILED) === 0
  }
  for (let stage = from; ; ) {
    const ticket = Atomics.load(control, NEXT)
    if (((ticket - end) | 0) >= 0) return waits ? reached(end) : true
    if (Atomics.compareExchange(control, NEXT, ticket, (ticket + 1) | 0) !== ticket) continue
    const index = (ticket - offset) | 0
    while (bound.starts[stage + 1]! <= index) stage++
    if (!reached((offset + bound.starts[stage]!) | 0)) return false
    const calls = bound.stages[stage]![index - bound.starts[stage]!]!
    for (let i = 0; i < calls.length; i++) calls[i]!.run(...calls[i]!.args)
    Atomics.add(control, DONE, 1)
    if (Atomics.load(control, SLEEPERS) > 0) Atomics.notify(control, DONE)
  }
}

/** A program with the functions of one instance. Self-contained, as `work`. */
export function bind(program: readonly (readonly (readonly { kernel: string; args: readonly number[] }[])[])[], exports: any): Bound {
  const starts = [0]
  for (const stage of program) starts.push(starts[starts.length - 1]! + stage.length)
  const stages = program.map((stage) => stage.map((calls) => calls.map(({ kernel, args }) => ({ run: exports[kernel], args }))))
  return { starts, stages }
}
