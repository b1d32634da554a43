/** The schema of `report.json`: what a reader may rely on, and what `compare` asks of a file before it reads it. */
import { z } from 'zod'
import { costs, severities } from '../target/define.ts'
import type { Report } from './define.ts'

const text = z.string()
const count = z.int().nonnegative()
const size = z.number().nonnegative()
const share = z.number().min(0).max(1)
const source = z.enum(['estimated', 'measured', 'computed'])
const range = z.tuple([z.number(), z.number()])
const place = z.enum(['accelerator', 'cpu'])

const accuracy = z.object({
  samples: count.describe('images'),
  accuracy: share.describe('of images; of pixels where the network answers those, as are recall and confusion'),
  recall: z.array(share.nullable()).describe('by class; null where the class has no samples'),
  confusion: z.array(z.array(count)).describe('confusion[actual][predicted]'),
  pixels: count.exactOptional(),
  iou: z.array(share.nullable()).describe('by class, where the network answers pixels; null where it is nowhere').exactOptional(),
  meanIou: share.exactOptional(),
})

const evidence = z.object({ source: text, sourceVersion: text, confidence: text })

const finding = z.object({
  code: text.describe('the rule, stable'),
  severity: z.enum(severities),
  node: z.int().min(-1).describe('of the file; -1 for the model as a whole'),
  op: text,
  place: text.describe('the tensor'),
  says: text,
  found: text,
  hint: text,
  costs: z.enum(costs).exactOptional(),
  evidence: evidence.exactOptional(),
})

const check = z.object({
  target: text,
  findings: z.array(finding),
  placement: z.object({
    accelerator: count,
    cpu: count,
    nodes: z.array(z.enum(['accelerator', 'cpu', 'folded'])),
    segments: z.array(z.object({ place, nodes: z.array(count) })).exactOptional(),
    crossings: z.array(z.object({ tensor: count, name: text, bytes: size, from: count, to: count })).exactOptional(),
  }),
})

const besideTerm = z
  .object({
    low: size,
    high: size,
    says: text,
    evidence,
    operators: z.array(z.object({ name: text, op: text, ms: size })).exactOptional(),
    unpriced: z.array(text).exactOptional(),
  })
  .exactOptional()

const estimate = z.object({
  target: text,
  model: text.describe('figures of different models do not compare'),
  clockHz: z.number().positive(),
  totalCycles: size,
  latencyMs: size,
  arenaBytes: size,
  weightBytes: size,
  originalWeightBytes: size.exactOptional(),
  macs: size,
  layers: z.array(
    z.object({
      name: text,
      op: text,
      macs: size,
      cycles: size,
      boundBy: text,
      change: text.exactOptional(),
      terms: z.record(text, z.number()),
    }),
  ),
  notes: z.array(text),
  unpriced: z.array(text).describe('layers whose cycles the total lacks').exactOptional(),
  complete: z.boolean().exactOptional(),
  besides: z.object({ cpuMs: besideTerm, startMs: besideTerm, transferMs: besideTerm }).exactOptional(),
})

const compiled = z.object({
  compiler: text,
  version: text,
  configuration: z.record(text, text).exactOptional(),
  totalCycles: size.exactOptional(),
  clockHz: z.number().positive().exactOptional(),
  latencyMs: size.exactOptional(),
  layers: z.array(z.object({ name: text, op: text, cycles: size, place })),
  cpuOperators: count,
  acceleratorOperators: count,
  arenaBytes: size.exactOptional(),
  weightBytes: size,
  outputBytes: size,
  findings: z.array(finding),
})

const conditions = z.object({
  governor: text.exactOptional(),
  frequencyMHz: size.exactOptional(),
  temperature: z.number().describe('of the hottest sensor, °C').exactOptional(),
})

const measurement = z.object({
  runner: text,
  description: z.object({
    runner: text,
    facts: z.record(text, text),
    decimals: count.describe('the device prints real values with so many').exactOptional(),
    wireMs: size.exactOptional(),
    timing: z.enum(['measured', 'host']).describe('host: a time of this computer, which says nothing of the target'),
  }),
  latency: z.object({
    runs: count,
    initMs: size,
    firstMs: size,
    minMs: size,
    medianMs: size,
    meanMs: size,
    p90Ms: size.exactOptional(),
    p95Ms: size.exactOptional(),
    p99Ms: size.exactOptional(),
    deviationMs: size,
    medianRangeMs: range.describe('95 %').exactOptional(),
    p99RangeMs: range.exactOptional(),
    unstable: text.describe('why these times are no ground for a verdict').exactOptional(),
    histogram: z.object({ edgesMs: z.array(size), counts: z.array(count) }).exactOptional(),
  }),
  conditions: z.object({ before: conditions, after: conditions }).describe('of the device’s CPU').exactOptional(),
  layers: z
    .array(z.object({ name: text, op: text, meanMs: size }))
    .describe('by the runtime’s own profiler')
    .exactOptional(),
})

const agreement = z.object({
  runner: text,
  samples: count,
  accuracy: share,
  accuracyHere: share,
  meanIou: share.exactOptional(),
  meanIouHere: share.exactOptional(),
  agreement: share,
  slackSteps: size.exactOptional(),
  maxDifference: size.describe('in quantisation steps'),
  meanDifference: size.describe('over all outputs, in steps').exactOptional(),
  bitEqual: share,
  firstDifference: z.object({ sample: count, element: count, there: z.number(), here: z.number() }).exactOptional(),
  confusion: z.array(z.object({ here: count, there: count, samples: count })).exactOptional(),
  worst: z
    .array(z.object({ sample: count, maxDifference: size, here: count.exactOptional(), there: count.exactOptional(), agreed: z.boolean() }))
    .exactOptional(),
  partial: z.object({ of: count }).exactOptional(),
})

const worstClass = z.object({
  ...{ sample: count, actual: count, predicted: count },
  ...{ score: z.number().describe('the output for the predicted class'), scoreOfActual: z.number() },
})
const worstPixels = z.object({ sample: count, meanIou: share, accuracy: share })

const reproduction = z
  .object({ of: text, sha256: text, same: z.boolean(), peapod: text, node: text, cpu: text, at: text })
  .describe('peapod reproduce built this file again')

const verdict = z.object({
  outcome: z.enum(['pass', 'warn', 'fail']),
  exitCode: z.union([z.literal(0), z.literal(1)]),
  judgements: z.array(
    z.object({
      metric: text,
      outcome: z.enum(['pass', 'warn', 'fail', 'skip']),
      value: z.number().nullable(),
      limit: z.object({ atLeast: z.number().exactOptional(), atMost: z.number().exactOptional() }),
      margin: z.number().nullable(),
      unit: text,
      source,
      baseline: z.number().exactOptional(),
      reason: text.exactOptional(),
    }),
  ),
})

export const reportSchema = z.object({
  schemaVersion: z.literal('1'),
  peapod: text.describe('the version that wrote it'),
  target: text,
  network: text,
  data: z.object({
    name: text,
    classes: z.array(text),
    digests: z.record(text, text),
    skipped: count.optional().describe('image files that could not be read and were left out'),
  }),
  seed: z.int(),
  model: z.object({ file: text, sha256: text, bytes: size, operators: count, parameters: count }),
  training: z
    .object({
      epochs: count,
      bestEpoch: count,
      durationMs: size,
      imagesPerSecond: size,
      curve: z.array(z.record(text, z.number())).exactOptional(),
    })
    .exactOptional(),
  stages: z.record(text, z.number()).describe('the largest difference each made, as a share of the largest output'),
  layerErrors: z.array(z.object({ name: text, op: text, sqnrDb: z.number().nullable(), maxSteps: size })).exactOptional(),
  quantisation: z.array(text).exactOptional().describe('how ranges were chosen, what each refinement gained, which layers stayed wide'),
  float: accuracy,
  int8: accuracy.extend({
    rounding: text,
    imagesPerSecond: size,
    emulated: z.boolean().exactOptional().describe('the machine’s own tool quantises the float model: this is our emulation'),
  }),
  noise: z
    .record(text, range)
    .exactOptional()
    .describe('95 % intervals by metric: a bootstrap over the test images, float and int8 together'),
  worst: z
    .array(z.union([worstClass, worstPixels]))
    .exactOptional()
    .describe('the test images that int8 gets wrong the most'),
  check,
  estimate,
  memory: z
    .object({
      steps: count,
      bytes: size,
      lowerBound: size,
      tensors: z.array(z.object({ name: text, start: count, end: count, offset: size, bytes: size })),
      movedBytes: z.array(size),
    })
    .exactOptional(),
  machine: z.object({ macsPerCycle: size, bytesPerCycle: size.exactOptional() }).exactOptional(),
  compiled: z.union([compiled, z.object({ missing: text })]).exactOptional(),
  runs: z.array(
    z.object({
      runner: text,
      measurement: measurement.exactOptional(),
      agreement: agreement.exactOptional(),
      rounding: text.describe('of our answers that its were held against; tflm where nothing is said').exactOptional(),
    }),
  ),
  reproduction: reproduction.exactOptional(),
  verdict,
})

/** A schema that lacks a key of the contract, or has another type, does not compile. */
export const asReport = (parsed: z.output<typeof reportSchema>): Report => parsed

/** JSON Schema 2020-12, as the text of `schemas/report.schema.json`. Keys that a later version adds are no fault. */
export const reportJsonSchema = (): string =>
  `${JSON.stringify({ title: 'Peapod report', ...z.toJSONSchema(reportSchema, { io: 'input' }) }, null, 2)}\n`
