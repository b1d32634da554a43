/** SOFTMAX as the compiler makes it of integer operations with tables on U55 and U65; the chain of npu-facts 6. */
import type { Model } from './numbers.ts'
import { type Dims, type FeatureMap, type Link, type Memory, type Operation, type Output, pointKernel } from './operation.ts'

/**
 * Operands of a step: whole rows; one value for each row, laid along the depth; the same where it is read or written in
 * another shape; one for each row, laid along the width; a constant; constant rows.
 */
type Operand = 'rows' | 'values' | 'edge' | 'column' | 'constant' | 'constant-rows'
type Step = readonly [output: Output, first: Operand, second: Operand | 'none', result: Operand]

const value = (output: Output, second: Operand | 'none' = 'values', first: Operand = 'values', result: Operand = 'values'): Step => [
  output,
  first,
  second,
  result,
]

/** One step of Newton and Raphson's reciprocal. */
const refine = (result: Operand): Step[] => [
  value('multiply'),
  value('sum', 'values', 'constant'),
  value('multiply'),
  value('multiply', 'constant'),
  value('sum', 'values', 'values', result),
]

/** After the maximum, the exponential and its sum: the reciprocal of the sum. */
const reciprocal: readonly Step[] = [
  value('other', 'none', 'edge'),
  value('sum', 'edge', 'constant', 'edge'),
  value('sum', 'constant'),
  value('other', 'values', 'edge'),
  value('multiply', 'constant'),
  value('sum', 'constant'),
  ...refine('values'),
  ...refine('values'),
  ...refine('edge'),
]

/** Where the maps of a softmax lie: its work, its constants, its input and its output; `unwritten` is named where nothing is stored. */
export type Places = {
  readonly work: Memory
  readonly constants: Memory
  readonly input: FeatureMap
  readonly output: FeatureMap
  readonly unwritten: Memory
}

const plain = { kernel: pointKernel, activation: 'none', scaled: true, lutBytes: 0 } as const
const map = (shape: Dims, bits: number, format: 'nhwc' | 'nhcwb16', memory: Memory): FeatureMap => ({ shape, bits, format, memory })

/** The maps that the steps over `rows` rows of `depth` values work on. */
function operandsOf(rows: number, depth: number, { work, constants }: Places): Readonly<Record<Operand, FeatureMap>> {
  const whole: Dims = [1, rows, depth]
  const turned = rows > 1 ? 'nhwc' : 'nhcwb16'
  return {
    rows: map(whole, 32, 'nhcwb16', work),
    values: map([1, 1, rows], 32, 'nhcwb16', work),
    edge: map([1, 1, rows], 32, turned, work),
    column: map([1, rows, 1], 32, turned, work),
    constant: map([1, 1, 1], 32, 'nhwc', constants),
    'constant-rows': map(whole, 32, 'nhwc', constants),
  }
}

const step = ([output, first, second, result]: Step, operands: Readonly<Record<Operand, FeatureMap>>): Operation => ({
  ...plain,
  kind: 'elementwise',
  output,
  ifm: operands[first],
  ...(second === 'none' ? {} : { ifm2: operands[second] }),
  ofm: operands[result],
})

/** The largest of each row, the exponentials of the differences by a table, and their sum. */
function opening(rows: number, depth: number, { work, input }: Places, operands: Readonly<Record<Operand, FeatureMap>>): Operation[] {
  const whole: Dims = [1, rows, depth]
  const turned = rows > 1 ? 'nhwc' : 'nhcwb16'
  return [
    {
      ...plain,
      kind: 'pooling',
      output: 'max-pool',
      kernel: { ...pointKernel, width: depth },
      ifm: { ...input, shape: [rows, depth, 1] },
      ofm: map([rows, 1, 1], 8, turned, work),
    },
    {
      ...plain,
      kind: 'elementwise',
      output: 'sum',
      activation: 'lut',
      lutBytes: 1024,
      bitsBeforeTable: 8,
      ifm: { ...input, shape: whole },
      ifm2: map([1, rows, 1], 8, turned, work),
      ofm: operands.rows,
    },
    { ...step(['other', 'rows', 'constant', 'rows'], operands), ofm: map(whole, 32, 'nhwc', work) },
    { ...plain, kind: 'reduce-sum', output: 'other', ifm: map(whole, 32, 'nhwc', work), ofm: operands.column },
  ]
}

/** The operations of one SOFTMAX over `depth` values in each of `rows` rows, int8 in and out. */
export function softmax(rows: number, depth: number, places: Places, model: Model): Operation[] {
  const operands = operandsOf(rows, depth, places)
  return [
    ...opening(rows, depth, places, operands),
    ...reciprocal.map((one) => step(one, operands)),
    step(['multiply', 'rows', 'column', 'rows'], operands),
    // 5.2 rounds by one more addition before the last shift.
    ...(model === 'regor-5.2' ? [step(['sum', 'constant-rows', 'rows', 'rows'], operands)] : []),
    { ...step(['other', 'rows', 'column', 'rows'], operands), ofm: { ...places.output, shape: [1, rows, depth] } },
  ]
}

/** A step, and the other operand of each operation that is chained to it. */
type Chained = readonly [first: Step, ...others: readonly Operand[]]

const refineChained = (result: Operand): Chained[] => [
  [value('multiply'), 'constant', 'values', 'constant'],
  [value('sum', 'values', 'values', result)],
]

const reciprocalChained: readonly Chained[] = [
  [value('other', 'none', 'edge')],
  [value('sum', 'edge', 'constant', 'edge')],
  [value('sum', 'constant'), 'values'],
  [value('multiply', 'constant'), 'constant'],
  ...refineChained('values'),
  ...refineChained('values'),
  ...refineChained('edge'),
  [['multiply', 'rows', 'column', 'rows'], 'column'],
]

/** The same on a U85, whose output stage takes up to four operations in a row. */
export function softmaxChained(rows: number, depth: number, places: Places): Operation[] {
  const operands = operandsOf(rows, depth, places)
  const chained = ([first, ...others]: Chained, last: boolean): Operation => {
    const op = step(first, operands)
    if (others.length === 0) return op
    const chain = others.map(
      (other, i): Link => ({
        output: 'other',
        activation: 'none',
        binary: true,
        bits: { input: 32, output: last && i === others.length - 1 ? 8 : 32 },
        other: operands[other],
      }),
    )
    return { ...op, ofm: { ...op.ofm, memory: places.unwritten }, chain }
  }
  return [...opening(rows, depth, places, operands), ...reciprocalChained.map((one, i) => chained(one, i === reciprocalChained.length - 1))]
}
