/** One process at a time holds a device, in the order of coming; the dead hold nothing. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { link, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { holderHere, isAlive } from '../src/device/lock/holder.ts'
import { deviceHolder, heldDevices, lockDevice } from '../src/device/lock/lock.ts'
import { openRunner } from '../src/device/open.ts'
import { brokenExecutor } from '../src/device/stand-in/broken.ts'
import { firmware } from '../src/device/stand-in/firmware.ts'
import { serveTcp } from '../src/device/stand-in/serve.ts'
import { runCli } from './support/run-cli.ts'
import { graph } from './support/runner-cases.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peapod-lock-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('who comes second hears who holds it, and for how long', async () => {
  const release = await lockDevice('/dev/x', { folder })
  await expect(lockDevice('/dev/x', { folder })).rejects.toMatchObject({
    code: 'device-in-use',
    exitCode: 3,
    found: expect.stringMatching(new RegExp(`^process ${process.pid} of \\w+ on .+ since 20`)),
    hint: expect.stringContaining('--wait'),
  })
  expect((await deviceHolder('/dev/x', folder))?.pid).toBe(process.pid)
  expect((await heldDevices(folder)).map(({ device }) => device)).toEqual(['/dev/x'])
  const other = await lockDevice('/dev/y', { folder })
  await other()
  await release()
  await release()
  expect(await heldDevices(folder)).toEqual([])
  await (await lockDevice('/dev/x', { folder }))()
})

test('those who wait get it one after the other, in the order in which they came', async () => {
  const order: number[] = []
  let inside = 0
  const notes: string[] = []
  const first = await lockDevice('/dev/x', { folder })
  const turn = async (n: number, queued: () => void) => {
    const note = (text: string) => {
      notes.push(text)
      queued()
    }
    const release = await lockDevice('/dev/x', { folder, waitMs: 20_000, note })
    expect(++inside).toBe(1)
    order.push(n)
    await new Promise((resolve) => setTimeout(resolve, 20))
    inside--
    await release()
  }
  const queue: Promise<void>[] = []
  for (const n of [1, 2, 3, 4]) {
    await new Promise<void>((queued) => queue.push(turn(n, queued)))
    // Tickets carry milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await first()
  await Promise.all(queue)
  expect(order).toEqual([1, 2, 3, 4])
  expect(notes[0]).toMatch(/is held by process \d+ .* waiting for at most 20 s/)
  expect((await readdir(folder, { recursive: true })).filter((name) => !name.endsWith('.queue'))).toEqual([])
})

test('waiting ends with its time, or with Ctrl-C', async () => {
  const release = await lockDevice('/dev/x', { folder })
  await expect(lockDevice('/dev/x', { folder, waitMs: 150 })).rejects.toMatchObject({ code: 'device-in-use' })
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 50)
  await expect(lockDevice('/dev/x', { folder, waitMs: 60_000, signal: controller.signal })).rejects.toMatchObject({
    code: 'runner-cancelled',
  })
  await release()
})

async function deadHolder(device: string) {
  const child = spawn('sleep', ['0'])
  await once(child, 'exit')
  return { ...holderHere(device), pid: child.pid!, began: '1' }
}

test('a lock whose process is gone is taken over by exactly one, with a note', async () => {
  await (await lockDevice('/dev/x', { folder }))()
  const [queue] = await readdir(folder)
  const dead = await deadHolder('/dev/x')
  const lock = join(folder, queue!.replace('.queue', '.lock'))
  await writeFile(join(folder, 'held'), JSON.stringify(dead))
  await link(join(folder, 'held'), lock)
  await writeFile(join(folder, queue!, '000000000000000-x.json'), JSON.stringify(dead)) // it died with another in its queue
  expect(await deviceHolder('/dev/x', folder)).toBeUndefined()
  const notes: string[] = []
  let inside = 0
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const release = await lockDevice('/dev/x', { folder, waitMs: 20_000, note: (text) => notes.push(text) })
      expect(++inside).toBe(1)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
      await release()
    }),
  )
  expect(notes.filter((note) => note.includes('took /dev/x over'))).toHaveLength(1)
})

test('a pid that another process got since is no holder', () => {
  const here = holderHere('/dev/x')
  expect(isAlive(here)).toBe(true)
  expect(isAlive({ ...here, began: '1' })).toBe(here.began === '')
  expect(isAlive({ ...here, pid: 2 ** 22 + 1 })).toBe(false)
  expect(isAlive({ ...here, pid: 2 ** 22 + 1, host: 'elsewhere' })).toBe(true)
})

test('a runner holds its device until it is closed; `devices` says so', async () => {
  vi.stubEnv('PEAPOD_LOCKS', folder)
  const served = await serveTcp(() => firmware({ executor: brokenExecutor(graph), id: 'small', vendor: 'tests' }), 0)
  const row = async () =>
    JSON.parse((await runCli('devices', served.uri, '--json')).out)[0] as { state: string; facts: object; heldBy?: string }
  try {
    const runner = await openRunner(served.uri, { timeoutMs: 2_000 })
    await expect(openRunner(served.uri, { timeoutMs: 2_000 })).rejects.toMatchObject({ code: 'device-in-use' })
    expect(await row()).toMatchObject({ state: 'in use', heldBy: expect.stringContaining(String(process.pid)) })
    expect((await runCli('devices')).out).toContain('in use')
    await runner.close()
    expect(await row()).toMatchObject({ state: 'ready', facts: { device: 'tests', model: 'small' } })
  } finally {
    await served.close()
    vi.unstubAllEnvs()
  }
  expect(await row()).toMatchObject({ state: 'wire-lost' })
})
