/** What a run does not show, each from a fact of the run itself. */
import type { Report } from '../report/define.ts'
import { percent } from '../report/writers/words.ts'
import type { Provenance } from '../runs/manifest.ts'
import { safe } from './words.ts'

export type Limit = { readonly id: string; readonly says: string }

/** Fewer test images of a class than this say little of its recall. */
const fewSamples = 30

/** Rules over a run: each says its limit, or nothing. Ids stay with their rule. */
const rules: Readonly<Record<string, (report: Report, provenance: Provenance) => string | undefined>> = {
  'LIM-LATENCY': ({ estimate, runs }) =>
    runs.some((r) => r.measurement?.description.timing === 'measured')
      ? undefined
      : `Latency on the target is an estimate by ${safe(estimate.model)}; no device was measured.`,
  'LIM-DEVICE': ({ runs }) => {
    const own = runs.filter((r) => r.runner !== 'simulator:' && r.agreement)
    return own.length ? undefined : 'Outputs were compared with no runtime or device but Peapod’s own executor.'
  },
  'LIM-COMPILER': ({ compiled }) =>
    compiled && 'compiler' in compiled
      ? undefined
      : `The vendor’s compiler did not see the file: ${safe((compiled?.missing ?? 'the run does not say why').replace(/\.$/, ''))}.`,
  'LIM-LEAK': (_, { data }) => {
    if (!data) return 'The splits were not compared with each other.'
    const { trainTest, validationTest } = data.shared
    return trainTest + validationTest
      ? `${trainTest + validationTest} test images also stand in train or validation: accuracy is not that of unseen data.`
      : undefined
  },
  'LIM-COPIES': () =>
    'Only images that are the same byte for byte are found in two splits; frames of one scene, or resized copies, are not.',
  'LIM-SAMPLES': ({ int8, data }) => {
    if (int8.iou) return undefined // its counts are of pixels
    const few = int8.confusion.flatMap((row, k) =>
      row.reduce((a, b) => a + b, 0) < fewSamples ? [safe(data.classes[k] ?? `class ${k}`)] : [],
    )
    return few.length ? `Fewer than ${fewSamples} test images of: ${few.join(', ')}.` : undefined
  },
  'LIM-DROP': ({ float, int8 }) =>
    int8.accuracy < float.accuracy ? `int8 loses ${percent(float.accuracy - int8.accuracy)} of accuracy against float.` : undefined,
  'LIM-FINDINGS': ({ check }) =>
    check.findings.length ? `${check.findings.length} findings of the check against the target are open.` : undefined,
  'LIM-SHIFT': () => 'The run measures the test split alone: nothing is known of images from another camera, place, light or weather.',
  'LIM-UNKNOWN': () => 'The network gives one of its classes for any image or pixel, also for one that shows none of them.',
}

export const knownLimits = (report: Report, provenance: Provenance): Limit[] =>
  Object.entries(rules).flatMap(([id, rule]) => {
    const says = rule(report, provenance)
    return says === undefined ? [] : [{ id, says }]
  })
