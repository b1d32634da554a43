/** Holds a runner to the contract: verbs in their order, cancelled at once, replies of the right shape, closed once. */
import { assert, DeviceError } from '../errors.ts'
import { redactAll } from '../redact.ts'
import type { Invocation, Runner } from './define.ts'

type State = 'open' | 'loaded' | 'closed'

/**
 * Every runner that `openRunner` hands out is wrapped in this. Verbs reject with DeviceError `runner-closed` after `close`,
 * `runner-cancelled` as soon as `signal` aborts, `bad-reply` for a reply of another shape. `release` is called once it is closed.
 */
export function keepContract(runner: Runner, signal: AbortSignal | undefined, release: () => Promise<void> = async () => {}): Runner {
  let state: State = 'open'
  let closing: Promise<void> | undefined
  const verb = async <T>(work: () => Promise<T>): Promise<T> => {
    if (state === 'closed') throw new DeviceError('runner-closed', 'this runner is closed', { hint: 'Open it again.' })
    return untilAborted(work, signal)
  }
  return {
    describe: () => verb(async () => redactAll(await runner.describe())),
    load: (model) =>
      verb(async () => {
        const loaded = await runner.load(model)
        if (state === 'open') state = 'loaded'
        return loaded
      }),
    invoke: (inputs, count) =>
      verb(async () => {
        assert(state === 'loaded', 'a model is loaded before it is run')
        assert(count > 0 && inputs.length % count === 0, `${inputs.length} bytes are not ${count} inputs`)
        return wellFormed(await runner.invoke(inputs, count), count)
      }),
    ...(runner.time && { time: (input, asked) => verb(() => runner.time!(input, asked)) }),
    ...(runner.layers && { layers: (input) => verb(() => runner.layers!(input)) }),
    ...(runner.conditions && { conditions: () => verb(() => runner.conditions!()) }),
    close: () => {
      state = 'closed'
      closing ??= runner.close().finally(release)
      return closing
    },
  }
}

function wellFormed(reply: Invocation, count: number): Invocation {
  const { outputs, durationsMs } = reply
  if (durationsMs.length === count && durationsMs.every((ms) => ms >= 0 && Number.isFinite(ms)) && outputs.length % count === 0)
    return reply
  throw new DeviceError('bad-reply', 'the device answered something that is no result', {
    found: `${outputs.length} bytes and ${durationsMs.length} times`,
    expected: `${count} results and as many times of 0 or more`,
    hint: 'Is its clock steady, and the wire whole? Try again.',
  })
}

/** Rejects as soon as the signal aborts; what was begun ends when the runner is closed. */
export async function untilAborted<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const cancelled = () => new DeviceError('runner-cancelled', 'cancelled', { hint: 'Start it again.' })
  if (!signal) return work()
  if (signal.aborted) throw cancelled()
  let onAbort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(cancelled())
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', onAbort!)
  }
}
