/** The deployed model tested by the same approach as the trained one (Automotive SPICE 4.0, MLE.4). */
import type { Accuracy, Report } from '../report/define.ts'
import { grouped, percent } from '../report/writers/words.ts'
import type { RunFacts } from './define.ts'
import { leakLines } from './model-card.ts'
import { code, safe, table } from './words.ts'

export type ModelTest = {
  readonly split: string
  readonly sha256: string
  readonly subjects: readonly { readonly id: string; readonly says: string; readonly samples: number; readonly accuracy: number }[]
  readonly classes: readonly {
    readonly name: string
    readonly samples: number
    readonly trained: number | null
    readonly deployed: number | null
  }[]
}

const samplesOf = ({ confusion }: Accuracy, k: number) => (confusion[k] ?? []).reduce((a, b) => a + b, 0)

export function modelTestOf({ data, float, int8, runs }: Report): ModelTest {
  const elsewhere = runs.flatMap(({ runner, agreement: a }, i) =>
    a ? [{ id: `TEST-RUNNER-${i + 1}`, says: `the deployed file on ${runner}`, samples: a.samples, accuracy: a.accuracy }] : [],
  )
  return {
    split: 'test',
    sha256: data.digests.test ?? '',
    subjects: [
      { id: 'TEST-TRAINED', says: 'the trained float network', samples: float.samples, accuracy: float.accuracy },
      { id: 'TEST-DEPLOYED', says: 'the deployed int8 file', samples: int8.samples, accuracy: int8.accuracy },
      ...elsewhere,
    ],
    classes: data.classes.map((name, k) => ({
      name,
      samples: samplesOf(int8, k),
      trained: float.recall[k] ?? null,
      deployed: int8.recall[k] ?? null,
    })),
  }
}

export function modelTestText({ report, manifest }: RunFacts): string {
  const test = modelTestOf(report)
  const recall = (r: number | null) => (r === null ? 'no images' : percent(r))
  const lines = [
    '# Test of the deployed model',
    '',
    `Trained and deployed model see the same images, those of the ${test.split} split (SHA-256 ${code(test.sha256)}), through the same preprocessing contract, and are scored alike: the class of the largest output.`,
    '',
    ...table(
      ['id', 'what', 'images', 'accuracy'],
      test.subjects.map((s) => [s.id, safe(s.says), grouped(s.samples), percent(s.accuracy)]),
    ),
    '',
    '## By class',
    '',
    ...table(
      ['class', 'images', 'recall, trained', 'recall, deployed'],
      test.classes.map((c) => [safe(c.name), grouped(c.samples), recall(c.trained), recall(c.deployed)]),
    ),
    '',
    '## Independence of the splits',
    '',
    ...leakLines(manifest),
  ]
  return `${lines.join('\n')}\n`
}
