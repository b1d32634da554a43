/** What `peapod init` writes, asks and refuses; test/whole deploys with it. */
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { init } from '../src/commands/init.ts'
import { networks } from '../src/training/networks/build-network.ts'
import { readYaml, runLines } from './support/ci-lines.ts'
import { runCli } from './support/run-cli.ts'

test('without flags the usual project is written, without a device no device stage, and nothing is overwritten', async () => {
  const bare = await mkdtemp(join(tmpdir(), 'peapod-bare-'))
  expect((await runCli('init', '--dir', bare)).out).toBe(`${join(bare, 'peapod.json')}\n`)
  expect(JSON.parse(await readFile(join(bare, 'peapod.json'), 'utf8'))).toMatchObject({
    data: { source: 'roadsigns' },
    network: { use: 'mobilenet-v1' },
  })
  expect(await runCli('init', '--dir', bare)).toMatchObject({ code: 2, err: expect.stringContaining('file-exists') })
  await runCli('init', '--dir', join(bare, 'b'), '--ci', 'gitlab')
  expect(await readFile(join(bare, 'b', '.gitlab-ci.yml'), 'utf8')).not.toMatch(/device-|stage: device/)
})

test.each(['gitlab', 'github', 'jenkins'])('%s: a job for each target, and one on the device’s own runner behind it', async (ci) => {
  const dir = await mkdtemp(join(tmpdir(), 'peapod-ci-'))
  const words = ['--target', 'ethos-u55-128', 'cortex-m55-tflm', '--device', 'simulator:', '--device-tag', 'bench-7']
  const { code, out } = await runCli('init', '--dir', dir, '--ci', ci, ...words)
  expect(code).toBe(0)
  const text = await readFile(out.trim().split('\n').at(-1)!, 'utf8')
  const lines = text.split('\n').filter((line) => line.includes('npx peapod deploy --target'))
  expect(lines.filter((line) => line.includes('--runner simulator:')).length).toBe(2)
  expect(lines.length).toBe(4)
  expect(text).toContain('bench-7')
  if (ci === 'jenkins') expect(text.split('{').length).toBe(text.split('}').length)
  else expect(Object.keys(readYaml(text)).length).toBeGreaterThan(3)
})

test.each([
  ['an unknown network', ['--network', 'mobilnet'], 'unknown-network'],
  ['an unknown target', ['--target', 'ethos'], 'unknown-target'],
  ['an unknown CI system', ['--ci', 'travis'], 'unknown-ci'],
  ['a device without a pipeline', ['--device', 'tflm:'], 'bad-option'],
  ['a device that escapes the shell', ['--ci', 'github', '--device', 'serial:`reboot`'], 'bad-word'],
  ['a tag that a shell would evaluate', ['--ci', 'github', '--device', 'tflm:', '--device-tag', '$KEY'], 'bad-word'],
])('%s is refused before anything is written', async (_, words, code) => {
  const dir = await mkdtemp(join(tmpdir(), 'peapod-refused-'))
  expect(await runCli('init', '--dir', dir, ...words)).toMatchObject({ code: 2, err: expect.stringContaining(code) })
  expect(await readdir(dir)).toEqual([])
})

test('a word with a space or a quote stays one word of the shell, in every form', async () => {
  for (const ci of ['gitlab', 'github', 'jenkins']) {
    const dir = await mkdtemp(join(tmpdir(), 'peapod-odd-'))
    await runCli('init', '--dir', dir, '--ci', ci, '--device', "ssh://board/it's here?x=1&y=2")
    const file = { gitlab: '.gitlab-ci.yml', github: '.github/workflows/peapod.yml', jenkins: 'Jenkinsfile' }[ci]!
    const text = await readFile(join(dir, file), 'utf8')
    const lines = [...text.matchAll(/(?:- |run: |sh )(["'])(npx.*--runner.*)\1$/gm)].map(([, quote, line]) =>
      quote === '"' ? (JSON.parse(`"${line}"`) as string) : line!.replace(/\\(.)/g, '$1'),
    )
    expect(runLines(lines, dir)[0]!.at(-1)).toBe("ssh://board/it's here?x=1&y=2")
  }
})

test('at a terminal it asks, and an empty answer is the usual', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'peapod-asked-'))
  const asked: string[] = []
  const answers = ['', '', 'ethos-u55-256, cortex-m55-tflm', 'jenkins', 'tflm:']
  const io = {
    ...{ out: () => {}, err: () => {}, exit: () => {}, terminal: true, columns: 80, signal: new AbortController().signal },
    ask: async (question: string) => {
      asked.push(question)
      return answers[asked.length - 1]!
    },
  }
  const known = [...networks.keys()].find((name) => name.startsWith('resnet'))!
  answers[1] = known
  const program = new Command()
  init(program, io)
  await program.parseAsync(['init', '--dir', dir], { from: 'user' })
  expect(asked.length).toBe(5)
  expect(JSON.parse(await readFile(join(dir, 'peapod.json'), 'utf8'))).toMatchObject({
    data: { source: 'roadsigns' },
    network: { use: known },
    targets: ['ethos-u55-256', 'cortex-m55-tflm'],
  })
  expect(await readFile(join(dir, 'Jenkinsfile'), 'utf8')).toContain('--runner tflm:')
})
