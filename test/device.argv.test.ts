/** What Peapod starts to reach another machine: argument vectors without a shell here, and the settings that every ssh has. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openRunner } from '../src/device/open.ts'
import { adb } from '../src/device/runners/adb.ts'
import { lineOf } from '../src/device/runners/remote/run-there.ts'
import { ssh } from '../src/device/runners/ssh.ts'
import { tagOf } from '../src/redact.ts'

const folder = mkdtempSync(join(tmpdir(), 'peapod-argv-'))
const path = process.env.PATH
const said = join(folder, 'said')
/** Stands before the real programs: writes down its words, a line each, and ends as a wire that broke. */
for (const [name, more] of [
  ['ssh', '[ "$1" = -V ] && exit 0; exit 255'],
  [
    'adb',
    'if [ "$1" = devices ]; then printf "List of devices attached\\nR58M123ABC\\tdevice\\n"; exit 0; fi; [ "$1" = version ] && exit 0; exit 1',
  ],
] as const)
  writeFileSync(
    join(folder, name),
    `#!/bin/sh\nfor word in "$0" "$@"; do printf '%s\\n' "$word" | tr '\\n' ' '; printf '\\n'; done >> ${said}\necho >> ${said}\n${more}\n`,
    {
      mode: 0o755,
    },
  )
const hosts = join(folder, 'known_hosts')
writeFileSync(hosts, 'board ssh-ed25519 AAAA\n')
process.env.PATH = `${folder}${delimiter}${path}`
beforeEach(() => writeFileSync(said, ''))
afterAll(() => {
  process.env.PATH = path
  rmSync(folder, { recursive: true })
})
const started = () =>
  readFileSync(said, 'utf8')
    .split('\n\n')
    .filter((call) => call.trim())
    .map((call) =>
      call
        .trim()
        .split('\n')
        .map((word) => word.trimEnd()),
    )

test.each(['', '&runtime=tflm', '&runtime=benchmark_model&delegate=gpu'])('every ssh has its settings: %s', async (query) => {
  const uri = `ssh://pi@board:2222/opt/run?identity=${folder}/key&known-hosts=${hosts}${query}`
  await expect(openRunner(uri, { timeoutMs: 2_000 })).rejects.toMatchObject({ code: 'wire-lost', exitCode: 3 })
  const calls = started().filter((words) => !words.includes('-V'))
  expect(calls.length).toBeGreaterThan(0)
  for (const words of calls) {
    const settings = words.filter((_, n) => words[n - 1] === '-o')
    for (const setting of [
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile="${hosts}"`,
      'GlobalKnownHostsFile=/dev/null',
      'PasswordAuthentication=no',
      'ForwardAgent=no',
      'IdentitiesOnly=yes',
      `IdentityFile="${folder}/key"`,
    ])
      expect(settings).toContain(setting)
    expect(settings.some((setting) => /^ConnectTimeout=\d+$/.test(setting))).toBe(true)
    expect(words.slice(-5, -1)).toEqual(['-l', 'pi', '--', 'board']) // what follows -- is no option, and one word is the line
  }
})

test('the project’s own known_hosts where none is named, and never the user’s', async () => {
  await expect(openRunner('ssh://pi@board', { timeoutMs: 2_000 })).rejects.toMatchObject({
    code: 'host-key',
    found: `there is no ${resolve('.peapod/known_hosts')}`,
  })
  expect(started().filter((words) => !words.includes('-V'))).toEqual([])
})

test('every adb names its device, and its serial is in no error', async () => {
  const error = await openRunner('adb:?runtime=benchmark_model', { timeoutMs: 2_000 }).catch((error: Error) => error)
  expect(JSON.stringify({ ...(error as Error), message: (error as Error).message })).not.toContain('R58M')
  const calls = started().filter((words) => !['version', 'devices'].includes(words[1]!))
  expect(calls.length).toBeGreaterThan(0)
  for (const words of calls) expect(words.slice(1, 5)).toEqual(['-s', 'R58M123ABC', 'shell', '-T'])
})

test('a device has one lock, whichever of its names is used', async () => {
  const names = ['adb:', 'adb:R58M123ABC', `adb:${tagOf('R58M123ABC')}`, 'adb:R58M123ABC/opt/python3?threads=2']
  expect(new Set(await Promise.all(names.map((name) => adb.device!(name)))).size).toBe(1)
  const boards = ['ssh://pi@Board', 'ssh://root@board:22/opt/python3?runtime=tflm']
  expect(new Set(await Promise.all(boards.map((name) => ssh.device!(name)))).size).toBe(1)
})

test('a line for another machine holds words of the allow-list alone, each quoted', () => {
  expect(lineOf(['mkdir', '-m', '0700', '/tmp/peapod-1'])).toBe("'mkdir' '-m' '0700' '/tmp/peapod-1'")
  for (const word of ['/tmp/../etc', 'a b', '$(id)', "a'b", 'a;b', '--Graph=x', "--graph=a'b", '-rf /', 'a\nb', ''])
    expect(() => lineOf(['rm', word]), word).toThrow('may travel')
})

test('no source starts a shell', () => {
  const src = fileURLToPath(new URL('../src', import.meta.url))
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const starts = /\bexecSync\b|\bexec\(['"`]|\bexeca?Command\b|\bshell:\s*(?!false)/
  expect(files.filter((name) => starts.test(readFileSync(join(src, name), 'utf8')))).toEqual([])
})
