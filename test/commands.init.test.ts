/** What `peapod init` writes is what works: its project file and network deploy, and the lines of each pipeline file run. */
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { init } from '../src/commands/init.ts'
import { networks } from '../src/training/networks/build-network.ts'
import { readYaml, runLines, type Yaml } from './support/ci-lines.ts'
import { runCli } from './support/run-cli.ts'
import { writeSmallSigns } from './support/small-signs.ts'

const home = process.cwd()
let folder: string
let bare: string
const deviceWords = ['--device', 'simulator:', '--device-tag', 'bench-7']
const read = (name: string) => readFile(join(folder, name), 'utf8')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peapod-init-'))
  bare = await mkdtemp(join(tmpdir(), 'peapod-bare-'))
  await writeSmallSigns(join(folder, 'my signs'), { train: 64, validation: 40, test: 40 })
  await symlink(resolve('node_modules'), join(folder, 'node_modules'))
  const words = ['--data', 'my signs', '--network', './net.mjs', '--target', 'ethos-u55-128', 'cortex-m55-tflm']
  expect(await runCli('init', '--dir', folder, ...words, '--ci', 'gitlab', ...deviceWords)).toMatchObject({ code: 0 })
  for (const ci of ['github', 'jenkins']) await runCli('init', '--dir', folder, ...words, '--ci', ci, ...deviceWords, '--force')
})

afterAll(() => process.chdir(home))

type Jobs = Record<
  string,
  { script?: string[]; steps?: { run?: string; uses?: string; if?: string }[]; needs?: Yaml; tags?: Yaml } & { [key: string]: Yaml }
>

async function gitlab() {
  const { image, stages, default: always, ...jobs } = readYaml(await read('.gitlab-ci.yml')) as { [key: string]: Yaml }
  return { image, stages, before: (always as { before_script: string[] }).before_script, jobs: jobs as unknown as Jobs }
}

test('the lines of the GitLab pipeline run, deploy with the written project and network, and keep what is done for the device', async () => {
  const { stages, before, jobs } = await gitlab()
  expect(stages).toEqual(['deploy', 'device'])
  expect(Object.keys(jobs)).toEqual(['deploy-ethos-u55-128', 'device-ethos-u55-128', 'deploy-cortex-m55-tflm', 'device-cortex-m55-tflm'])
  const project = JSON.parse(await read('peapod.json'))
  const small = { train: { epochs: 1, batchSize: 16 }, quantise: { calibration: 20 }, gates: { int8Accuracy: null, accuracyDrop: null } }
  await writeFile(join(folder, 'peapod.json'), JSON.stringify({ ...project, ...small }))
  const deploy = jobs['deploy-ethos-u55-128']!
  const device = jobs['device-ethos-u55-128']!
  process.chdir(folder)
  const [words] = runLines([...before, ...deploy.script!], folder) as [string[]]
  expect(words.slice(0, 2)).toEqual(['peapod', 'deploy'])
  expect(await runCli(...words.slice(1))).toMatchObject({ code: 0 })
  const out = 'runs/ethos-u55-128'
  expect(deploy.artifacts).toEqual({
    when: 'always',
    paths: [`${out}/`],
    reports: { junit: `${out}/junit.xml`, codequality: `${out}/gl-code-quality.json` },
  })
  const there = await readdir(join(folder, out))
  expect(there).toEqual(expect.arrayContaining(['junit.xml', 'gl-code-quality.json']))
  expect(device).toMatchObject({ needs: ['deploy-ethos-u55-128'], tags: ['bench-7'], retry: { max: 1, exit_codes: [3] } })
  const again = await runCli(...runLines(device.script!, folder)[0]!.slice(1))
  expect(again).toMatchObject({ code: 0 })
  expect(again.err.match(/^\w+ .*kept in/gm)?.length).toBe(8)
}, 120_000)

test('GitHub and Jenkins call the same commands', async () => {
  const { before, jobs } = await gitlab()
  const expected = ['deploy', 'device'].flatMap((stage) => runLines(Object.keys(jobs).filter((k) => k.startsWith(stage)).flatMap((k) => jobs[k]!.script!), folder)) // biome-ignore format: one line
  expect(expected.length).toBe(4)
  const workflow = readYaml(await read('.github/workflows/peapod.yml')) as unknown as { on: Yaml; jobs: Jobs }
  const summary = join(folder, 'summary.md')
  const called = Object.values(workflow.jobs).flatMap(({ steps }) => {
    expect(steps!.map((s) => s.uses).filter(Boolean)).toEqual(expect.arrayContaining(['actions/checkout@v4', 'actions/upload-artifact@v4']))
    const lines = steps!.filter((s) => s.run && s.if === undefined).map((s) => s.run!)
    expect(lines[0]).toBe(before[0])
    return runLines(lines, folder)
  })
  expect([...called].sort()).toEqual([...expected].sort())
  const after = workflow.jobs['deploy-ethos-u55-128']!.steps!.find((s) => s.if)!.run!
  runLines([after], folder, { GITHUB_STEP_SUMMARY: summary })
  expect(await readFile(summary, 'utf8')).toContain('ethos')
  const text = await read('Jenkinsfile')
  const lines = [...text.matchAll(/^ +sh '(.*)'$/gm)].map(([, line]) => line!.replace(/\\(.)/g, '$1'))
  expect(runLines(lines, folder)).toEqual(expected)
  expect(text.split('{').length).toBe(text.split('}').length)
  expect(text).toContain("junit testResults: 'runs/ethos-u55-128/junit.xml'")
})

test('without flags the usual project is written, without a device no device stage, and nothing is overwritten', async () => {
  expect((await runCli('init', '--dir', bare)).out).toBe(`${join(bare, 'peapod.json')}\n`)
  expect(JSON.parse(await readFile(join(bare, 'peapod.json'), 'utf8'))).toMatchObject({
    data: { source: 'roadsigns' },
    network: { use: 'mobilenet-v1' },
  })
  expect(await runCli('init', '--dir', bare)).toMatchObject({ code: 2, err: expect.stringContaining('file-exists') })
  await mkdir(join(bare, 'b'))
  await runCli('init', '--dir', join(bare, 'b'), '--ci', 'gitlab')
  expect(await readFile(join(bare, 'b', '.gitlab-ci.yml'), 'utf8')).not.toMatch(/device-|stage: device/)
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
