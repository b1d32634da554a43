/** The stage that runs a file on several runners: devices side by side, one list, one failure that does not take the rest with it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Split } from '../../src/data/define.ts'
import type { Preprocess } from '../../src/data/preprocess.ts'
import { brokenExecutor } from '../../src/device/stand-in/broken.ts'
import { firmware } from '../../src/device/stand-in/firmware.ts'
import { type Served, serveTcp } from '../../src/device/stand-in/serve.ts'
import { writeTflite } from '../../src/formats/tflite/write.ts'
import type { State, World } from '../../src/stages/define.ts'
import { quantisedInputs } from '../../src/stages/inputs.ts'
import { verify } from '../../src/stages/verify.ts'
import { graph } from '../support/runner-cases.ts'

const images = 30
const split: Split = {
  count: images,
  shape: [8, 8, 3],
  labels: new Int32Array(images),
  digest: 'd',
  read: (n: number, into: Uint8Array, at: number) => {
    for (let i = 0; i < 192; i++) into[at + i] = (i * 31 + n * 7) % 256
  },
} as Partial<Split> as Split
const preprocess: Preprocess = { height: 8, width: 8, colour: 'rgb', resize: 'none', scale: 1 / 255, mean: [0, 0, 0], deviation: [1, 1, 1] }
const executor = brokenExecutor(graph)
const inputs = quantisedInputs(graph, preprocess, split)
const outputs = Int8Array.from(
  Array.from({ length: images }, (_, n) => [...(executor.run([inputs.subarray(n * 192, (n + 1) * 192)])[0] as Int8Array)]).flat(),
)
const stateFor = (runner: string | string[]) =>
  ({
    project: { runner },
    data: { set: { splits: { test: split } }, preprocess },
    model: { bytes: writeTflite(graph), sha256: 'm' },
    executed: { outputs },
  }) as unknown as State

function world(): World & { notes: string[]; scratch: World['scratch'] & { bytes?: Uint8Array } } {
  const notes: string[] = []
  const held: { bytes?: Uint8Array } = {}
  const scratch = Object.assign(held, { read: async () => held.bytes, write: async (bytes: Uint8Array) => void (held.bytes = bytes) })
  const progress = { stage: () => {}, note: (text: string) => void notes.push(text), bar: () => {}, end: () => {} }
  return { progress, signal: new AbortController().signal, threads: 1, profile: false, verbose: false, scratch, notes }
}

let folder: string
let boards: Served[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peapod-stage-'))
  vi.stubEnv('PEAPOD_LOCKS', folder)
  boards = []
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(boards.map((board) => board.close()))
  await rm(folder, { recursive: true, force: true })
})
const board = async (op?: string) => {
  const served = await serveTcp(() => firmware({ executor: brokenExecutor(graph, op), id: 'small', vendor: 'tests' }), 0)
  boards.push(served)
  return served.uri
}

test('three runners, one list in the order that was asked for', async () => {
  const asked = [await board(), 'simulator:', `${await board('mean')}?golden=0`]
  const files = await verify.make(stateFor(asked), world())
  const { runs } = await verify.load(Object.fromEntries(Object.entries(files).map(([k, v]) => [k, Buffer.from(v)])), stateFor(asked))
  expect(runs.map(({ runner }) => runner)).toEqual(asked)
  expect(runs.map(({ agreement }) => agreement!.bitEqual)).toEqual([1, 1, 0])
  expect(Object.keys(files).sort()).toEqual(['runner-3-worst-inputs.npy', 'runner-3-worst.json', 'runs.json'])
  for (const { measurement } of runs) expect(measurement!.latency.runs).toBeGreaterThanOrEqual(2)
})

test('one that fails does not end the others, and is the device’s failure', async () => {
  const w = world()
  const asked = ['serial:tcp://127.0.0.1:1', await board()]
  await expect(verify.make(stateFor(asked), w)).rejects.toMatchObject({ code: 'wire-lost', exitCode: 3 })
  expect(w.notes.some((note) => note.includes(asked[1]!) && note.includes('agreement 100'))).toBe(true)
})
