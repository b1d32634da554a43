/** The model card of a run (Mitchell et al., Model Cards for Model Reporting, 2019): its facts, and no judgement. */
import type { Report } from '../report/define.ts'
import { bytes, grouped, milliseconds, percent } from '../report/writers/words.ts'
import type { Provenance } from '../runs/manifest.ts'
import { knownLimits } from './limits.ts'
import type { Settings } from './settings.ts'
import { code, safe, table } from './words.ts'

const weakest = 5

export function modelCard(report: Report, provenance: Provenance, settings: Settings): string {
  const { model, data, float, int8, training, estimate, verdict } = report
  const { pea, quantise, train } = settings
  const what = int8.iou ? 'accuracy of pixels' : 'accuracy'
  const recalls = int8.recall
    .map((recall, k) => ({ name: data.classes[k] ?? `class ${k}`, recall }))
    .filter((r): r is { name: string; recall: number } => r.recall !== null)
    .sort((a, b) => a.recall - b.recall)
  const lines = [
    `# Model card: ${safe(report.network)} on ${safe(data.name)}`,
    '',
    '## Model',
    '',
    ...table(
      ['fact', 'value'],
      [
        ['file', `${safe(model.file)}, ${bytes(model.bytes)}, ${model.operators} operators, ${grouped(model.parameters)} parameters`],
        ['SHA-256', code(model.sha256)],
        ['made by', `Peapod ${safe(report.peapod)}, seed ${report.seed}`],
        ['for', safe(report.target)],
        ['task', `one of ${data.classes.length} classes for ${int8.iou ? 'each pixel' : 'an image'}`],
        [
          'precision',
          `int8, ranges by ${safe(quantise.method)} over ${provenance.calibration?.count ?? quantise.calibration} images of the training split`,
        ],
        [
          'activations',
          pea.ensemble === 'none'
            ? safe(pea.base)
            : `${safe(pea.base)}, trained as ${safe(pea.ensemble)} ensembles with ${safe(pea.activation)}`,
        ],
      ],
    ),
    '',
    '## Intended use',
    '',
    'The run does not know it: whoever deploys the model states it here. The classes are:',
    '',
    data.classes.map(safe).join(', '),
    '',
    '## Data',
    '',
    ...table(
      ['split', 'images', 'SHA-256'],
      Object.entries(provenance.data?.splits ?? {}).map(([name, s]) => [name, grouped(s.count), code(s.sha256)]),
    ),
    '',
    ...leakLines(provenance),
    '',
    ...(training
      ? [
          '## Training',
          '',
          `Recipe ${safe(train.recipe)}, ${training.epochs} epochs; what is kept is epoch ${training.bestEpoch}, the best on the validation split of those with alpha = 1.`,
          '',
        ]
      : []),
    '## Results',
    '',
    ...table(
      ['figure', 'value', 'source'],
      [
        ...(int8.meanIou === undefined || float.meanIou === undefined
          ? []
          : [
              ['float mean IoU', percent(float.meanIou), 'computed'],
              ['int8 mean IoU', percent(int8.meanIou), 'computed'],
            ]),
        [`float ${what}`, `${percent(float.accuracy)} of ${grouped(float.samples)} test images`, 'computed'],
        [`int8 ${what}`, `${percent(int8.accuracy)} of ${grouped(int8.samples)} test images, ${safe(int8.rounding)} rounding`, 'computed'],
        ['latency', `${milliseconds(estimate.latencyMs)} by ${safe(estimate.model)}`, 'estimated'],
        ['memory for activations', bytes(estimate.arenaBytes), 'computed'],
        ['verdict of the gates', verdict.outcome, 'computed'],
      ],
    ),
    '',
    'The classes that int8 knows worst:',
    '',
    ...table(
      ['class', 'recall'],
      recalls.slice(0, weakest).map((r) => [safe(r.name), percent(r.recall)]),
    ),
    '',
    '## Known limits',
    '',
    ...knownLimits(report, provenance).map(({ id, says }) => `- ${id}: ${says}`),
  ]
  return `${lines.join('\n')}\n`
}

export function leakLines({ data, calibration }: Provenance): string[] {
  if (!data) return ['The run did not compare the splits.']
  const { trainTest, validationTest, trainValidation } = data.shared
  const inTest = calibration ? `; calibration images also in test: ${calibration.alsoIn.test}` : ''
  return [
    `Byte for byte the same image in two splits: test images also in train: ${trainTest}; test images also in validation: ${validationTest}; validation images also in train: ${trainValidation}${inTest}.`,
  ]
}
