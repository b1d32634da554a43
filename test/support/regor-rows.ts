/** Reads the golden operations of Arm Vela 5.1 as operations of our engine. */
import { existsSync, readFileSync } from 'node:fs'
import { memoriesOf } from '../../src/target/simulate/engines/ethos-u/memories.ts'
import type { EthosU } from '../../src/target/simulate/engines/ethos-u/numbers.ts'
import type {
  Activation,
  Dims,
  FeatureMap,
  Kind,
  Link,
  Memory,
  Operation,
  Output,
} from '../../src/target/simulate/engines/ethos-u/operation.ts'
import { roundUp } from '../../src/target/simulate/engines/ethos-u/operation.ts'

export const goldenFolder = new URL('../../../shared/golden/ethos-u/', import.meta.url)
export const haveGolden = existsSync(new URL('regor_ops.csv', goldenFolder))

export type Row = Readonly<Record<string, string>>

export function rows(file = 'regor_ops.csv'): Row[] {
  const [head, ...lines] = readFileSync(new URL(file, goldenFolder), 'utf8').trim().split('\n')
  const names = head!.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])))
}

const kindOf: Readonly<Record<string, [Kind, Output]>> = {
  Conv2D: ['convolution', 'other'],
  DepthwiseConv2D: ['depthwise', 'other'],
  FullyConnected: ['vector-product', 'other'],
  AvgPool: ['pooling', 'other'],
  MaxPool: ['pooling', 'max-pool'],
  ReduceSum: ['reduce-sum', 'other'],
  Mul: ['elementwise', 'multiply'],
  Add: ['elementwise', 'sum'],
  Sub: ['elementwise', 'sum'],
  Asr: ['elementwise', 'other'],
  CLZ: ['elementwise', 'other'],
  SHL: ['elementwise', 'other'],
}

export const dims = (text: string): Dims => text.split('x').map(Number) as unknown as Dims
const bitsOf = (dtype: string): number => Number(dtype.replace(/\D/g, ''))

/** One golden row as an operation, with formats and memories as the compiler chose them. */
export function operationOf(row: Row, engine: EthosU): Operation {
  const { sram, external } = memoriesOf(engine, row.system!, row.memmode!)
  const at = (name: string): Memory => (name === 'Sram' || name === '' ? sram : external)
  const format = (name: string): FeatureMap['format'] => (name === 'NHWC' ? 'nhwc' : 'nhcwb16')
  const constant = (memory: string) => memory !== 'Sram'
  const [kind, output] = kindOf[row.op!]!
  const [height, width] = row.k!.split('x').map(Number) as [number, number]
  const [strideY, strideX] = row.s!.split('x').map(Number) as [number, number]
  const [dilationY, dilationX] = row.dil!.split('x').map(Number) as [number, number]
  const bits = bitsOf(row.ifm_dtype!)
  const chained = engine.generation === 'u85' ? chainOf(row, { sram, external }) : {}
  const ofm = dims(row.ofm!)
  const activation: Activation = row.chain === 'Relu' ? 'clamp' : row.chain === 'LUT' ? 'lut' : 'none'
  return {
    kind,
    output,
    activation,
    ifm: { shape: dims(row.ifm!), bits, format: format(row.ifm_fmt!), memory: at(row.ifm_mem!) },
    ...(row.ifm2 === '0x0x0'
      ? {}
      : {
          ifm2: {
            shape: dims(row.ifm2!),
            bits,
            format: constant(row.ifm2_mem!) ? 'nhwc' : format(row.ifm_fmt!),
            memory: at(row.ifm2_mem!),
          },
        }),
    ofm: { shape: ofm, bits: bitsOf(row.ofm_dtype!), format: format(row.ofm_fmt!), memory: at(row.ofm_mem!) },
    kernel: { height, width, strideY, strideX, dilationY, dilationX },
    ...(row.weight_bytes === ''
      ? {}
      : {
          weights: {
            bytes: Number(row.weight_bytes),
            scaleBytes:
              engine.generation === 'u85'
                ? roundUp(ofm[2], Math.max(16, Number(row.ofm_ublock!.split('x')[2]))) * 10
                : roundUp(ofm[2] * 10, 16),
            memory: memoriesOf(engine, row.system!, row.memmode!).constants,
          },
        }),
    scaled: true,
    lutBytes: row.chain === 'LUT' ? 1024 : 0,
    ...chained,
  }
}

/**
 * What is chained to an operation of a U85. Other inputs of a chain are not in the file: those of a residual sum are as
 * large as its result; those of a softmax over one row are scalars.
 */
function chainOf(row: Row, { sram, external }: { readonly sram: Memory; readonly external: Memory }): Partial<Operation> {
  if (row.chain === 'LUT') return { bitsBeforeTable: 8 }
  const names = row.chain!.split('+').filter((name) => name !== '' && name !== 'Relu')
  if (names.length === 0) return {}
  const bits = bitsOf(row.ofm_dtype!)
  const map: FeatureMap = { shape: dims(row.ofm!), bits, format: 'nhcwb16', memory: sram }
  const links = names.map((name, i): Link => {
    const last = i === names.length - 1 && row.chain!.endsWith('Relu')
    return {
      output: 'sum',
      activation: last ? 'clamp' : 'none',
      binary: true,
      // The last shift of a softmax makes its int8 result.
      bits: { input: bits, output: name === 'Asr' ? 8 : bits },
      ...(bits === 8 && name === 'Add' ? { other: map } : {}),
    }
  })
  return {
    activation: 'none',
    chain: links,
    ofm: { ...map, memory: row.memmode!.startsWith('Dedicated') ? external : sram },
    ...(bits === 8 ? { written: map } : {}),
  }
}
