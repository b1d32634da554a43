/** For each kind of runner: what stands at its other end in the tests, and what it does otherwise than the rest, with the reason. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { runnerKind } from '../../src/device/open.ts'
import { brokenExecutor } from '../../src/device/stand-in/broken.ts'
import { firmware } from '../../src/device/stand-in/firmware.ts'
import { serveTcp } from '../../src/device/stand-in/serve.ts'
import type { Rounding } from '../../src/graph/ops/define.ts'
import { mobilenetInt8 } from '../samples/mobilenet-int8.ts'
import { adbLack, loopbackAdb } from './loopback-adb.ts'
import { loopbackSshd, sshLack } from './loopback-sshd.ts'

/** What all runners run: 192 bytes in, 12 out. */
export const graph = mobilenetInt8({ extent: 8, width: 0.125 })

export type RunnerCase = {
  readonly uri: string
  readonly rounding: Rounding
  /** Steps by which it may differ from our bits, with the reason at its line. */
  readonly withinSteps?: number
  /** A URI of this kind whose other end never answers; absent where the reason says why there is none. */
  readonly silent?: string
  stop(): Promise<void>
}

const peapod = fileURLToPath(new URL('../../bin/peapod.js', import.meta.url))
const nothing = async () => {}
/** A program that sleeps for a minute, and would leave a child. */
const sleeper = 'command:sh -c "sleep 61 & wait" {model} {input} {output}'

/** One line per kind: a kind without a line fails the common suite. */
export const runnerCases: Readonly<Record<string, () => Promise<RunnerCase>>> = {
  // Computes in this process: there is no other end that could be silent.
  simulator: async () => ({ uri: 'simulator:', rounding: 'tflm', stop: nothing }),
  command: async () => ({
    uri: `command:node "${peapod}" execute {model} --input {inputs} --output {outputs}`,
    rounding: 'tflm',
    silent: sleeper,
    stop: nothing,
  }),
  serial: async () => {
    const served = await serveTcp(() => firmware({ executor: brokenExecutor(graph), id: 'small', vendor: 'tests' }), 0)
    const mute = createServer(() => {}).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    return {
      uri: served.uri,
      rounding: 'tflm',
      silent: `serial:tcp://127.0.0.1:${(mute.address() as { port: number }).port}`,
      stop: async () => {
        mute.close()
        await served.close()
      },
    }
  },
  ssh: async () => {
    const sshd = await loopbackSshd()
    const mute = createServer(() => {}).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    return {
      uri: sshd.uri('&kernels=reference'),
      rounding: 'litert',
      silent: sshd.uri('', (mute.address() as { port: number }).port),
      stop: async () => {
        mute.close()
        await sshd.stop()
      },
    }
  },
  adb: async () => {
    const bridge = await loopbackAdb()
    // A daemon that never answers is `offline` to the client, which is another error: see the tests of adb itself.
    return { uri: bridge.uri('&kernels=reference'), rounding: 'litert', stop: bridge.stop }
  },
  // XNNPACK rounds otherwise than any reference: a step at most on this network.
  'litert-js': async () => ({ uri: 'litert-js:', rounding: 'litert', withinSteps: 1, stop: nothing }),
  // A Python that hangs cannot be had from a URI; the timeout of its frames is tried with a limit of a millisecond.
  litert: async () => ({ uri: 'litert:?kernels=reference', rounding: 'litert', stop: nothing }),
  tflm: async () => ({ uri: 'tflm:', rounding: 'tflm', stop: nothing }),
}

const lacks: Readonly<Record<string, (module: string) => string | undefined>> = { ssh: sshLack, adb: adbLack }

/** What this machine lacks for a kind, by its own words, or at the other end that the tests give it. */
export const lackOf = async (scheme: string): Promise<string | undefined> =>
  (await runnerKind(`${scheme}:`).missing(`${scheme}:`))?.what ?? lacks[scheme]?.('ai_edge_litert')
