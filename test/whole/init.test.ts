/** What `peapod init` writes is what works: its project file and network deploy, and the lines of each pipeline file run. */
import { mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readYaml, runLines, type Yaml } from '../support/ci-lines.ts'
import { runCli } from '../support/run-cli.ts'
import { writeSmallSigns } from '../support/small-signs.ts'

const home = process.cwd()
let folder: string
const deviceWords = ['--device', 'simulator:', '--device-tag', 'bench-7']
const read = (name: string) => readFile(join(folder, name), 'utf8')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peapod-init-'))
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
