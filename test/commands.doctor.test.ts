/** What `peapod doctor --zip` packs gives nobody away. */
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { homedir, hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { redact } from '../src/commands/redact.ts'
import { runCli } from './support/run-cli.ts'

const secrets = {
  user: 'erika',
  home: '/home/erika',
  host: 'bench-7.plant.example',
  environment: { CI_JOB_TOKEN: 'a1b2c3d4e5', EDITOR: 'vim-editor' },
}

test.each([
  ['the home folder', 'python at /home/erika/venv/bin/python', 'python at ~/venv/bin/python'],
  ['the user', 'erika runs; Erika-x; erikason', '<user> runs; <user>-x; erikason'],
  ['the host, in full and short', 'bench-7.plant.example and bench-7', '<host> and <host>'],
  ['another user', '/home/max/x, /Users/max/y, C:\\Users\\max\\z', '/home/<user>/x, /Users/<user>/y, C:\\Users\\<user>\\z'],
  ['a value of the environment', 'given a1b2c3d4e5, vim-editor', 'given <secret>, vim-editor'],
  ['a serial of adb', 'adb:R58M123ABC/data', 'adb:<serial>/data'],
  ['the form of its URI stays', 'adb:[SERIAL][/PATH]', 'adb:[SERIAL][/PATH]'],
  ['a serial of USB', 'serial:/dev/serial/by-id/usb-ST_0669FF3?baud=9600', 'serial:/dev/serial/by-id/<serial>?baud=9600'],
  ['a port stays', 'serial:/dev/ttyACM0', 'serial:/dev/ttyACM0'],
  ['a machine that is reached', 'ssh://pi@lab3:22/python', 'ssh://<user>@<host>:22/python'],
  ['a password in an address', 'https://me:hunter2@git.example/x.git', 'https://<user>@<host>/x.git'],
  ['tokens by their form', `ghp_${'a'.repeat(36)} glpat-abcdefgh1234 npm_abcdefgh12345678`, '<secret> <secret> <secret>'],
  ['tokens by their name', '{"apiKey": "xyz", "password":"p q"}', '{"apiKey": "<secret>", "password":"<secret>"}'],
  ['tokens in a line', 'token=abc; x', 'token=<secret>; x'],
  ['a header', 'Authorization: Bearer abcdef123456', 'Authorization: Bearer <secret>'],
  ['addresses', 'at 192.168.1.17, 127.0.0.1, 00:1a:2b:3c:4d:5e', 'at <address>, 127.0.0.1, <address>'],
  ['versions stay', 'vela 5.2.0, node v20.20.2', 'vela 5.2.0, node v20.20.2'],
])('%s', (_, text, shown) => expect(redact(text, secrets)).toBe(shown))

test('the zip holds what the doctor found, the project and the run, redacted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'peapod-doctor-'))
  const run = join(folder, 'run')
  await mkdir(run)
  const { username } = userInfo()
  await writeFile(join(run, 'config.json'), JSON.stringify({ runner: 'ssh://pi@lab3', data: { source: `${homedir()}/signs` } }))
  await writeFile(join(run, 'report.txt'), `made by ${username} on ${hostname()} with adb:R58M123ABC`)
  await writeFile(join(run, 'model.tflite'), 'weights')
  const zip = join(folder, 'doctor.zip')
  expect(await runCli('doctor', '--zip', zip, '--run', run)).toMatchObject({ code: 0, out: expect.stringContaining('doctor.json') })
  const files = Object.fromEntries(Object.entries(unzipSync(await readFile(zip))).map(([name, b]) => [name, strFromU8(b)]))
  expect(Object.keys(files).sort()).toEqual(['config.json', 'doctor.json', 'report.txt'])
  expect(JSON.parse(files['doctor.json']!)).toMatchObject({ node: process.version, runners: expect.any(Array) })
  expect(JSON.parse(files['config.json']!)).toEqual({ runner: 'ssh://<user>@<host>', data: { source: '~/signs' } })
  expect(files['report.txt']).toBe('made by <user> on <host> with adb:<serial>')
  const all = Object.values(files).join('\n')
  for (const word of [homedir(), hostname(), 'lab3', 'R58M123ABC']) expect(all).not.toContain(word)
  expect(await runCli('doctor', '--zip', zip)).toMatchObject({ code: 2, err: expect.stringContaining('file-exists') })
})
