/** SOFTMAX as the compiler makes it of integer operations with tables on U55 and U65; the chain of npu-facts 6. */
import type { Model } from './numbers.ts'
import { type Dims, type FeatureMap, type Memory, type Operation, type Output, pointKernel } from './operation.ts'

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

/** The operations of one SOFTMAX over `depth` values in each of `rows` rows, int8 in and out. */
export function softmax(
  rows: number,
  depth: number,
  work: Memory,
  constants: Memory,
  ends: readonly [Memory, Memory],
  model: Model,
): Operation[] {
  const whole: Dims = [1, rows, depth]
  const turned = rows > 1 ? 'nhwc' : 'nhcwb16'
  const plain = { kernel: pointKernel, activation: 'none', scaled: true, lutBytes: 0 } as const
  const map = (shape: Dims, bits: number, format: 'nhwc' | 'nhcwb16', memory = work): FeatureMap => ({ shape, bits, format, memory })
  const operands: Readonly<Record<Operand, FeatureMap>> = {
    rows: map(whole, 32, 'nhcwb16'),
    values: map([1, 1, rows], 32, 'nhcwb16'),
    edge: map([1, 1, rows], 32, turned),
    column: map([1, rows, 1], 32, turned),
    constant: map([1, 1, 1], 32, 'nhwc', constants),
    'constant-rows': map(whole, 32, 'nhwc', constants),
  }
  const step = ([output, first, second, result]: Step): Operation => ({
    ...plain,
    kind: 'elementwise',
    output,
    ifm: operands[first],
    ...(second === 'none' ? {} : { ifm2: operands[second] }),
    ofm: operands[result],
  })
  const input = ends[0]
  return [
    {
      ...plain,
      kind: 'pooling',
      output: 'max-pool',
      kernel: { ...pointKernel, width: depth },
      ifm: map([rows, depth, 1], 8, 'nhwc', input),
      ofm: map([rows, 1, 1], 8, turned),
    },
    {
      ...plain,
      kind: 'elementwise',
      output: 'sum',
      activation: 'lut',
      lutBytes: 1024,
      ifm: map(whole, 8, 'nhwc', input),
      ifm2: map([1, rows, 1], 8, turned),
      ofm: operands.rows,
    },
    { ...step(['other', 'rows', 'constant', 'rows']), ofm: map(whole, 32, 'nhwc') },
    { ...plain, kind: 'reduce-sum', output: 'other', ifm: map(whole, 32, 'nhwc'), ofm: operands.column },
    ...reciprocal.map(step),
    step(['multiply', 'rows', 'column', 'rows']),
    // 5.2 rounds by one more addition before the last shift.
    ...(model === 'regor-5.2' ? [step(['sum', 'constant-rows', 'rows', 'rows'])] : []),
    { ...step(['other', 'rows', 'column', 'rows']), ofm: map(whole, 8, 'nhwc', ends[1]) },
  ]
}
