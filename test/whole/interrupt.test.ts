/** Ctrl-C to a `peapod` that runs on another machine: nothing of it is left there, nor here. Over ssh, nor there after a kill. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeTflite } from '../../src/formats/tflite/write.ts'
import { adbLack, loopbackAdb } from '../support/loopback-adb.ts'
import { loopbackSshd, sshLack } from '../support/loopback-sshd.ts'
import { processesWith } from '../support/processes.ts'
import { graph } from '../support/runner-cases.ts'

const peapod = fileURLToPath(new URL('../../bin/peapod.js', import.meta.url))
const notBuilt = existsSync(fileURLToPath(new URL('../../dist/cli.js', import.meta.url)))
  ? undefined
  : 'this checkout is not built (make build)'
const ways = [
  { name: 'ssh', lack: notBuilt ?? sshLack('ai_edge_litert'), serve: loopbackSshd as () => Promise<There> },
  { name: 'adb', lack: notBuilt ?? adbLack('ai_edge_litert'), serve: loopbackAdb as () => Promise<There> },
]
type There = { running(): number[]; uri(query?: string, port?: number, program?: string): string; stop(): Promise<void> }
for (const { name, lack } of ways) if (lack) console.log(`skipped: Ctrl-C over ${name}, since ${lack}`)

describe.each(ways)('over $name', { timeout: 120_000 }, ({ name, lack, serve }) => {
  let folder = ''
  const at = (name: string) => join(folder, name)
  let there: There
  beforeAll(async () => {
    if (lack) return
    folder = mkdtempSync(join(tmpdir(), 'peapod-interrupt-'))
    there = await serve()
    if (name === 'adb') spawnSync('adb', ['start-server']) // else it would be a child of the first peapod here
    for (const name of ['work', 'here', 'locks']) spawnSync('mkdir', [at(name)])
    writeFileSync(at('model.tflite'), writeTflite(graph))
    const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim()
    const text = readFileSync(new URL('../support/benchmark-model.py', import.meta.url), 'utf8')
    writeFileSync(at('benchmark_model'), text.replace(/^#!.*/, `#!${python}`), { mode: 0o755 })
  })
  afterAll(async () => {
    await there?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })
  const uris = {
    litert: () => there.uri('').replace('?work=/tmp', `?work=${at('work')}`),
    benchmark_model: () =>
      there.uri(`&runtime=benchmark_model&work=${at('work')}`, undefined, at('benchmark_model')).replace('?work=/tmp&', '?'),
  }

  const cases = (['SIGINT', ...(name === 'ssh' ? ['SIGKILL' as const] : [])] as const).flatMap((signal) =>
    (['litert', 'benchmark_model'] as const).map((runtime) => [runtime, signal] as const),
  )
  test.skipIf(lack).each(cases)('%s: %s leaves no process, no file, no lock', async (runtime, signal) => {
    const mark = `peapod-interrupt-${runtime}-${signal}`
    const child = spawn(
      process.execPath,
      [peapod, 'run', at('model.tflite'), '--runner', uris[runtime](), '--runs', '10000000', '--limit', '90'],
      { env: { ...process.env, TMPDIR: at('here'), PEAPOD_LOCKS: at('locks'), MARK: mark }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    const ended = new Promise<{ code: number | null; by: NodeJS.Signals | null }>((done) =>
      child.on('exit', (code, by) => done({ code, by })),
    )
    // With files there once the model has arrived; in memory alone otherwise.
    const began = () =>
      runtime === 'litert'
        ? there.running().length > 0
        : readdirSync(at('work'), { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('in.bin'))
    await expect.poll(began, { timeout: 30_000, interval: 20, message: said }).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(child.exitCode, said).toBe(null)
    child.kill(signal)
    expect(await ended, said).toEqual(signal === 'SIGINT' ? { code: 130, by: null } : { code: null, by: 'SIGKILL' })
    await expect.poll(there.running, { timeout: 15_000 }).toEqual([])
    await expect.poll(() => processesWith(mark).length, { timeout: 15_000 }).toBe(0)
    await expect.poll(() => readdirSync(at('work')), { timeout: 15_000 }).toEqual([])
    // Who is killed can tidy nothing here; the lock of the dead is taken over by the next.
    if (signal === 'SIGINT') {
      expect(readdirSync(at('here'))).toEqual([])
      expect(readdirSync(at('locks')).filter((name) => name.endsWith('.lock'))).toEqual([])
    } else rmSync(at('here'), { recursive: true })
    spawnSync('mkdir', ['-p', at('here')])
  })
})
