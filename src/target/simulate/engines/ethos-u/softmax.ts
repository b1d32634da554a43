/** SOFTMAX as the compiler makes it of integer operations with tables on U55 and U65; the chain of npu-facts 6. */
import type { Model } from './numbers.ts'
import { type Dims, type Memory, type Operation, type Output, pointKernel } from './operation.ts'

/** Operands of a step: a map of one value a row or of whole rows, or a constant. */
type Operand = 'row' | 'value' | 'constant' | 'constant-row'
type Step = readonly [output: Output, first: Operand, second: Operand | 'none', result: 'row' | 'value']

const value = (output: Output, second: Operand | 'none' = 'value', first: Operand = 'value'): Step => [output, first, second, 'value']

/** One step of Newton and Raphson's reciprocal. */
const refine = [value('multiply'), value('sum', 'value', 'constant'), value('multiply'), value('multiply', 'constant'), value('sum')]

/** After the maximum, the exponential and its sum: the reciprocal of the sum. */
const reciprocal: readonly Step[] = [
  value('other', 'none'),
  value('sum', 'value', 'constant'),
  value('sum', 'constant'),
  value('other'),
  value('multiply', 'constant'),
  value('sum', 'constant'),
  ...refine,
  ...refine,
  ...refine,
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
  const whole: Dims = [rows, 1, depth]
  const single: Dims = [rows, 1, 1]
  const plain = { kernel: pointKernel, activation: 'none', scaled: true, lutBytes: 0 } as const
  const map = (shape: Dims, bits: number, format: 'nhwc' | 'nhcwb16', memory = work) => ({ shape, bits, format, memory })
  const operand = (kind: Operand) =>
    kind === 'row'
      ? map(whole, 32, 'nhcwb16')
      : kind === 'value'
        ? map(single, 32, 'nhcwb16')
        : map(kind === 'constant' ? [1, 1, 1] : whole, 32, 'nhwc', constants)
  const step = ([output, first, second, result]: Step): Operation => ({
    ...plain,
    kind: 'elementwise',
    output,
    ifm: operand(first),
    ...(second === 'none' ? {} : { ifm2: operand(second) }),
    ofm: operand(result),
  })
  const input = ends[0]
  return [
    {
      ...plain,
      kind: 'pooling',
      output: 'max-pool',
      kernel: { ...pointKernel, width: depth },
      ifm: map([rows, depth, 1], 8, 'nhwc', input),
      ofm: map(single, 8, 'nhcwb16'),
    },
    {
      ...plain,
      kind: 'elementwise',
      output: 'sum',
      activation: 'lut',
      lutBytes: 1024,
      ifm: map(whole, 8, 'nhwc', input),
      ifm2: map(single, 8, 'nhcwb16'),
      ofm: map(whole, 32, 'nhcwb16'),
    },
    { ...step(['other', 'row', 'constant', 'row']), ofm: map(whole, 32, 'nhwc') },
    { ...plain, kind: 'reduce-sum', output: 'other', ifm: map(whole, 32, 'nhwc'), ofm: map(single, 32, 'nhcwb16') },
    ...reciprocal.map(step),
    step(['multiply', 'row', 'value', 'row']),
    // 5.2 rounds by one more addition before the last shift.
    ...(model === 'regor-5.2' ? [step(['sum', 'constant-row', 'row', 'row'])] : []),
    { ...step(['other', 'row', 'value', 'row']), ofm: map(whole, 8, 'nhwc', ends[1]) },
  ]
}
