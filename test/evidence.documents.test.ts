/** Model card, bill of materials: facts of the run, hostile names made harmless. */
import { expect, test } from 'vitest'
import { knownLimits } from '../src/evidence/limits.ts'
import { mlBom } from '../src/evidence/ml-bom.ts'
import { modelCard } from '../src/evidence/model-card.ts'
import { evidenceRun } from './support/evidence-run.ts'

test('the card says what the run measured, and its limits', () => {
  const { report, provenance, settings } = evidenceRun()
  const card = modelCard(report, provenance, settings)
  expect(card).toContain('90.00 % of 10 test images')
  expect(card).toContain(report.model.sha256)
  expect(card).toContain('test images also in train: 3')
  expect(card.indexOf('| stop | 80.00 % |')).toBeLessThan(card.indexOf('| yield | 100.00 % |'))
  for (const { id } of knownLimits(report, provenance)) expect(card).toContain(id)
})

test('a limit stands where the run gives its reason, and only there', () => {
  const { report, provenance } = evidenceRun()
  const ids = (r = report, p = provenance) => knownLimits(r, p).map((l) => l.id)
  expect(ids()).toEqual(expect.arrayContaining(['LIM-LATENCY', 'LIM-DEVICE', 'LIM-COMPILER', 'LIM-LEAK', 'LIM-SAMPLES', 'LIM-DROP']))
  const clean = { ...provenance, data: { ...provenance.data!, shared: { trainTest: 0, validationTest: 0, trainValidation: 0 } } }
  const measured = { ...report.runs[0]!, runner: 'serial:/dev/ttyACM0' }
  const timed = {
    ...measured,
    measurement: { ...measured.measurement!, description: { ...measured.measurement!.description, timing: 'measured' as const } },
  }
  const better = ids({ ...report, runs: [timed], float: report.int8 }, clean)
  for (const gone of ['LIM-LATENCY', 'LIM-DEVICE', 'LIM-LEAK', 'LIM-DROP']) expect(better).not.toContain(gone)
})

test('hostile names mean nothing in the card', () => {
  const { report, provenance, settings } = evidenceRun({
    name: '<script>alert(1)</script>|`x`\u202e\n# heading',
    classes: ['a|b', '[x](http://y)'],
  })
  const card = modelCard(report, provenance, settings)
  expect(card).not.toMatch(/<script|\u202e|\n# heading|a\|b|\[x\]\(/)
  expect(JSON.parse(mlBom(report, provenance, settings, {})).metadata.component.name).toBe(report.network)
})

test('the bill of materials names model, data and packages, and every reference in it leads somewhere', () => {
  const { report, provenance, settings } = evidenceRun()
  const write = () => mlBom(report, provenance, settings, { '@tensorflow/tfjs-core': '4.22.0', zod: '4.6.7' })
  const bom = JSON.parse(write())
  expect(write()).toBe(write())
  expect(bom).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: expect.stringMatching(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
    metadata: { component: { type: 'machine-learning-model', hashes: [{ alg: 'SHA-256', content: report.model.sha256 }] } },
  })
  expect(bom.components.map((c: { purl?: string }) => c.purl).filter(Boolean)).toEqual([
    'pkg:npm/%40tensorflow/tfjs-core@4.22.0',
    'pkg:npm/zod@4.6.7',
  ])
  const all = [bom.metadata.component, ...bom.metadata.tools.components, ...bom.components] as { 'bom-ref': string }[]
  const refs = all.map((c) => c['bom-ref'])
  expect(new Set(refs).size).toBe(refs.length)
  const named = [
    ...bom.metadata.component.modelCard.modelParameters.datasets.map((d: { ref: string }) => d.ref),
    ...bom.dependencies.flatMap((d: { ref: string; dependsOn: string[] }) => [d.ref, ...d.dependsOn]),
  ]
  expect(named.filter((ref) => !refs.includes(ref))).toEqual([])
})
