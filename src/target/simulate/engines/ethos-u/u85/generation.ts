/** The U85 as the estimator meets it; it also chooses the format of the weights (npu-facts 4.6). */
import { type Generation, type Plan, remembered } from '../generation.ts'
import type { Lowered } from '../maps.ts'
import type { EthosU85, Model } from '../numbers.ts'
import { type Memory, type Operation, roundUp } from '../operation.ts'
import { type Encoded, encoded85 } from '../weights/encoded-85.ts'
import { accessCycles85, channelBandwidth, transferCycles85 } from './access.ts'
import { searchBlock85 } from './block.ts'
import { costOf85 } from './cost.ts'
import { ACCUMULATOR_DEPTH } from './granule.ts'

export function generation85(numbers: EthosU85, model: Model): Generation {
  const { accelerator } = numbers
  const generation: Generation = {
    splitDepth: accelerator.splitDepth,
    subKernel: accelerator.subKernel,
    plan: (lowered, constants, stripe = lowered.op) => choose({ ...lowered, stripe }, constants, numbers, model, generation),
    cost: (op, { block, sparse }, scaleMemory, part = 'whole') =>
      costOf85(op, block, numbers, model, { sparse, scaleMemory: scaleMemory ?? op.weights?.memory, part }),
    access: (op, { block, fast }, staging) => accessCycles85(op, block, accelerator, model, { staging, fast }),
    transfer: (from, to, bytes) => transferCycles85(from, to, bytes, accelerator),
    readWeights: (memory, bytes, { fast }) =>
      Math.floor(bytes / channelBandwidth(memory, fast ? 'fastWeight' : 'weight', accelerator) + memory.readLatency),
    readMap: (memory, bytes, { kind }) =>
      Math.floor(bytes / channelBandwidth(memory, kind === 'elementwise' ? 'stream' : 'ifm', accelerator) + memory.readLatency),
  }
  return generation
}

type Candidate = { readonly plan: Plan; readonly whole: Encoded; readonly cycles: number }

/** The plan of least cycles to run and to decode; sparse before dense, dense before fast where they are equal. */
function choose(
  cut: Lowered & { stripe: Operation },
  constants: Memory,
  numbers: EthosU85,
  model: Model,
  generation: Generation,
): Plan | undefined {
  const { op, source, stripe } = cut
  const { accelerator } = numbers
  const planned = (sparse: boolean, fast: boolean): { plan: Plan; whole: Encoded } | undefined => {
    const block = searchBlock85(stripe, accelerator, model, sparse)
    if (!block) return undefined
    const scales = (channels: number) => 10 * roundUp(channels, roundUp(block.unit[2], ACCUMULATOR_DEPTH))
    const encoding = {
      block,
      accelerator,
      sparse,
      fast,
      strides: [op.kernel.strideY, op.kernel.strideX],
      dilations: [op.kernel.dilationY, op.kernel.dilationX],
      ifmBits: op.ifm.bits,
    } as const
    const encode = remembered((from, to) => ({
      weights: source ? encoded85(source, from, to, encoding)!.bytes : 0,
      scales: scales(to - from),
    }))
    const whole = source ? encoded85(source, 0, op.ofm.shape[2], encoding) : NOTHING
    return whole && { plan: { block, leastDepth: Math.max(ACCUMULATOR_DEPTH, block.unit[2]), sparse, fast, encode }, whole }
  }
  const dense = planned(false, false)
  if (!dense || !source || (op.kind !== 'convolution' && op.kind !== 'vector-product')) return dense?.plan
  const weighed = { ...op, weights: { bytes: 0, scaleBytes: 0, memory: constants } }
  const run = ({ plan }: { readonly plan: Plan }) => generation.cost(weighed, plan).npu
  const decode = ({ whole }: { readonly whole: Encoded }, fast: boolean) => decodeCycles(whole, fast, constants, numbers)
  const candidates: Candidate[] = []
  const add = (made: { plan: Plan; whole: Encoded }, fast: boolean) => candidates.push({ ...made, cycles: decode(made, fast) + run(made) })
  const sparse = planned(true, false)
  const quicker = sparse && run(sparse) <= run(dense) ? sparse : undefined
  const worthFast = (made: { whole: Encoded }) =>
    decode({ whole: { ...made.whole, bytes: fastGuess(made.whole) } }, true) < decode(made, false)
  if (quicker) add(quicker, false)
  add(dense, false)
  if ((!quicker || worthFast(quicker)) && worthFast(dense)) {
    for (const alike of [quicker && planned(true, true), planned(false, true)]) if (alike) add(alike, true)
  }
  return candidates.reduce((best, next) => (next.cycles < best.cycles ? next : best)).plan
}

const NOTHING: Encoded = { bytes: 0, elements: 0, zeros: 0, distinct: 0 }

/** Bytes that the compiler guesses of the fast format. */
const fastGuess = ({ elements, distinct }: Encoded): number => 32 + Math.floor(elements / (distinct > 16 ? 1 : distinct > 4 ? 2 : 4))

function decodeCycles({ elements, bytes, zeros, distinct }: Encoded, fast: boolean, memory: Memory, { accelerator }: EthosU85): number {
  const rate = Math.min(Math.max(Math.fround(zeros / elements), 0.5), 0.9)
  const perCycle = fast ? (distinct < 16 ? 64 : 32) : Math.floor(8 + ((rate - 0.5) * 24) / 0.4) * accelerator.cores
  const read = Math.floor(bytes / channelBandwidth(memory, fast ? 'fastWeight' : 'weight', accelerator)) + memory.readLatency
  return Math.max(Math.floor(elements / perCycle), read)
}
