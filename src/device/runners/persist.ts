/** A runner whose wire may break: opened again and told again what it was told, where a try more can help. */
import { setTimeout as pause } from 'node:timers/promises'
import { DeviceError } from '../../errors.ts'
import type { Runner, RunnerOptions } from '../define.ts'

const pausesMs = [100, 500, 2_000]
const worthATry = ['wire-garbled', 'wire-lost', 'runtime-died', 'bad-reply']

/**
 * `open` is tried again after a break, then the model is loaded again and the verb repeated: a verb is done whole or not at all, so
 * nothing is counted twice. A silence is not tried again: it took the whole of its limit already.
 */
export async function persist(open: () => Promise<Runner>, { signal, note }: RunnerOptions): Promise<Runner> {
  let runner: Runner | undefined
  let model: Uint8Array | undefined
  let [reached, closed] = [false, false]

  async function trying<T>(work: (runner: Runner) => Promise<T>): Promise<T> {
    for (let n = 0; ; n++) {
      try {
        if (!runner) {
          const fresh = await open()
          runner = fresh
          if (model) await fresh.load(model)
        }
        const made = await work(runner)
        reached = true
        return made
      } catch (error) {
        await drop()
        const tries = reached ? pausesMs.length : 1 // a device that is off is not waited for
        if (closed || signal?.aborted || n >= tries || !(error instanceof DeviceError) || !worthATry.includes(error.code)) throw error
        note?.(`${error.message}: trying again (${n + 1} of ${tries})`)
        await pause(pausesMs[n]!, undefined, signal ? { signal } : {}).catch(() => {})
      }
    }
  }
  async function drop(): Promise<void> {
    const broken = runner
    runner = undefined
    await broken?.close().catch(() => {})
  }

  await trying((fresh) => fresh.describe())
  const { time, layers, conditions } = runner! as Runner
  return {
    describe: () => trying((it) => it.describe()),
    load: (bytes) =>
      trying(async (it) => {
        const loaded = await it.load(bytes)
        model = bytes
        return loaded
      }),
    invoke: (inputs, count) => trying((it) => it.invoke(inputs, count)),
    ...(time && { time: (input, asked) => trying((it) => it.time!(input, asked)) }),
    ...(layers && { layers: (input) => trying((it) => it.layers!(input)) }),
    ...(conditions && { conditions: () => trying((it) => it.conditions!()) }),
    close: async () => {
      closed = true
      await drop()
    },
  }
}
