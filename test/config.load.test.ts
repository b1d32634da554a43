/** The project file: defaults, overrides, and what is refused with which hint. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gatesOf, loadProject, parseProject } from '../src/config/load.ts'

const fileWith = async (text: string) => {
  const path = join(await mkdtemp(join(tmpdir(), 'peapod-')), 'peapod.json')
  await writeFile(path, text)
  return path
}

test('every key has a default', () => {
  const project = parseProject({}, 'none')
  expect(project.pea).toEqual({ ensemble: 'stochastic', activation: 'mish', base: 'relu' })
  expect(project.targets).toEqual(['ethos-u55-128'])
  expect(gatesOf(project).find((g) => g.metric === 'cpuOperators')).toMatchObject({ atMost: 0, level: 'fail' })
})

test('a network that answers pixels is judged by its mean IoU, unless the file says more', () => {
  const metrics = (raw: object) => gatesOf(parseProject(raw, 'none'), true).map((g) => g.metric)
  expect(metrics({})).toContain('meanIouDrop')
  expect(metrics({})).not.toContain('int8Accuracy')
  expect(metrics({ gates: { int8Accuracy: { atLeast: 0.7 }, meanIouDrop: null } })).toContain('int8Accuracy')
  expect(metrics({ gates: { int8Accuracy: { atLeast: 0.7 }, meanIouDrop: null } })).not.toContain('meanIouDrop')
})

test('--set wins over the file, and words that are not JSON are strings', async () => {
  const path = await fileWith('{"pea": {"ensemble": "none"}, "seed": 3}')
  const project = await loadProject(path, ['pea.ensemble=weighted', 'train.epochs=2', 'gates.latencyMs=null'])
  expect(project.pea.ensemble).toBe('weighted')
  expect(project.train.epochs).toBe(2)
  expect(project.seed).toBe(3)
  expect(gatesOf(project).map((g) => g.metric)).not.toContain('latencyMs')
})

test.each([
  [{ trian: {} }, 'unknown key trian', 'Did you mean train?'],
  [{ train: { epoch: 3 } }, 'unknown key train.epoch', 'Did you mean epochs?'],
  [{ gates: { latencyMS: { atMost: 3 } } }, 'unknown key gates.latencyMS', 'Did you mean latencyMs?'],
  [{ gates: { latencyMs: { atmost: 3 } } }, 'unknown key gates.latencyMs.atmost', 'Did you mean atMost?'],
  [{ train: { epochs: 'a' } }, 'train.epochs', undefined],
  [{ train: { rate: { peek: 1 } } }, 'unknown key train.rate.peek', 'Did you mean peak?'],
  [{ train: { rate: 'fast' } }, 'train.rate', undefined],
  [{ train: { decay: { form: 'L2' } } }, 'train.decay.form', undefined],
  [{ pea: { layers: [{ match: 'a*', ensembel: 'none' }] } }, 'unknown key pea.layers.0.ensembel', 'Did you mean ensemble?'],
  [{ pea: { activation: 'tanh' } }, 'pea.activation', undefined],
  [{ pea: { ensemble: 'stochastik' } }, 'pea.ensemble', undefined],
  [{ gates: { latencyMs: {} } }, 'a gate needs atLeast, atMost or worseBy', undefined],
  [{ seed: -1 }, 'seed', undefined],
  [[], 'expected object', undefined],
])('refuses %j', (raw, says, hint) => {
  expect(() => parseProject(raw, 'p.json')).toThrow(
    expect.objectContaining({ code: 'bad-project', message: expect.stringContaining(says), ...(hint && { hint }) }),
  )
})

test.each([['{"seed": 1'], ['[1]'], ['']])('refuses the text %j', async (text) => {
  await expect(loadProject(await fileWith(text))).rejects.toMatchObject({ code: 'bad-project' })
})

test('a file that was asked for must be there', async () => {
  await expect(loadProject('/nowhere/peapod.json')).rejects.toMatchObject({ code: 'no-project' })
})

test.each(['epochs', '=3', 'a..b=3', '__proto__.x=1'])('refuses --set %s', async (setting) => {
  await expect(loadProject(await fileWith('{}'), [setting])).rejects.toMatchObject({ code: 'bad-setting' })
})
