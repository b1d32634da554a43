/** A deploy in a process of its own, killed without warning at seeded points, and gone on with. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { key, uniform } from '../../src/graph/math/random.ts'
import { sha256 } from '../../src/runs/files.ts'
import { smallDeploy } from './small-run.ts'
import { writeSmallSigns } from './small-signs.ts'

const program = fileURLToPath(new URL('../../bin/peapod.js', import.meta.url))

/** A process of its own needs the compiled Peapod. */
export const isBuilt = existsSync(new URL('../../dist/cli.js', import.meta.url))

type Ended = { readonly code: number | null; readonly durationMs: number; readonly err: string }

/** Ends with code null where it was killed. */
function run(words: readonly string[], killAfterMs?: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'ignore', 'pipe'] })
    let err = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, durationMs: performance.now() - started, err })
    })
  })
}

/** What must not depend on a kill: no file with a time or a speed in it, and as far as the run goes. */
const files = [
  'model.tflite',
  'train/weights.bin',
  'quantise/calibration.json',
  'check/check.json',
  'simulate/estimate.json',
  'execute/outputs.bin',
]
const digestsOf = (folder: string) =>
  Promise.all(
    files.filter((file) => existsSync(join(folder, file))).map(async (file) => `${file} ${sha256(await readFile(join(folder, file)))}`),
  )

export type Kill = { readonly afterMs: number; readonly killed: boolean; readonly going: Ended; readonly digests: readonly string[] }

/** `more`: words for each deploy. `expected`: the digests of an undisturbed run. A point is where in the time of that run the process dies. */
export async function killDeploys(
  points: number,
  seed: number,
  ...more: readonly string[]
): Promise<{ readonly expected: readonly string[]; readonly kills: readonly Kill[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'peapod-kill-'))
  try {
    const data = await writeSmallSigns(join(folder, 'signs'), { train: 64, validation: 40, test: 40 })
    const words = (out: string) => [...smallDeploy(data, join(folder, out)), ...more]
    const whole = await run(words('whole'))
    if (whole.code !== 0) throw new Error(`the undisturbed run ended with ${whole.code}:\n${whole.err}`)
    const expected = await digestsOf(join(folder, 'whole'))
    const kills: Kill[] = []
    for (let i = 0; i < points; i++) {
      const afterMs = whole.durationMs * uniform(key(seed, 'test', i), 0)
      const { code } = await run(words(`${i}`), afterMs)
      const going = await run(words(`${i}`))
      kills.push({ afterMs, killed: code === null, going, digests: going.code === 0 ? await digestsOf(join(folder, `${i}`)) : [] })
      await rm(join(folder, `${i}`), { recursive: true, force: true })
    }
    return { expected, kills }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
