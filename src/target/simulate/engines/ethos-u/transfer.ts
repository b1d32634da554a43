/** What moving maps costs: bursts waste bandwidth when runs of bytes are short (npu-facts 4.2, 4.3, 4.5). */
import type { Block } from './block.ts'
import type { Model } from './numbers.ts'
import { area, ceilDiv, clip, type Dims, type FeatureMap, type Operation, roundUp, tiles, volume } from './operation.ts'

type Direction = 'read' | 'write'

/** Bytes that lie next to each other when one block of a map is moved. */
function runLength({ format, bits, shape }: FeatureMap, block: Dims, direction: Direction, cores: number, model: Model): number {
  const bytes = bits / 8
  const row = block[1] * block[2] * bytes
  if (format === 'nhcwb16') {
    if (shape[1] * 16 * bytes === block[2]) return row
    return 16 * bytes * block[1] * (direction === 'read' ? 1 : cores)
  }
  // The legacy core compares the step between elements, which is 1, where it means the step between pixels.
  const whole = (model === 'legacy' ? 1 : shape[2] * bytes) === block[2]
  if (direction === 'read') return whole ? row : bytes * block[2]
  return whole && block[2] <= 16 ? row : Math.min(64, 16 * bytes * cores, block[2] * bytes)
}

/** Bytes that the memory is busy with when `bytes` of a map are moved block by block. */
export function moved(map: FeatureMap, block: Dims, direction: Direction, bytes: number, cores: number, model: Model): number {
  const { burst } = map.memory
  const effective = (bytes * burst) / Math.min(burst, Math.floor(runLength(map, block, direction, cores, model)))
  return model === 'legacy' ? effective : Math.floor(effective)
}

/** Cycles to bring in one block of every input, and to put out one block. */
export function blockTransfers(
  op: Operation,
  block: Block,
  cores: number,
  model: Model,
): { readonly input: number; readonly output: number } {
  const cycles = (map: FeatureMap, size: Dims, direction: Direction) => {
    const bytes = (volume(clip(size, map.shape)) * map.bits) / 8
    const latency = direction === 'read' ? map.memory.readLatency : map.memory.writeLatency
    const cycles = moved(map, size, direction, bytes, cores, model) / map.memory.bytesPerCycle
    return latency + (model === 'legacy' ? cycles : Math.floor(cycles))
  }
  const inputs = [op.ifm, ...(op.ifm2 ? [op.ifm2] : [])]
  return { input: Math.max(...inputs.map((map) => cycles(map, block.ifm, 'read'))), output: cycles(op.ofm, block.ofm, 'write') }
}

export type Access = {
  readonly inputs: readonly number[]
  readonly output: number
  /** How often the weights are read. */
  readonly refetch: number
}

const stored = ({ format, shape }: FeatureMap, depth = shape[2]): number => (format === 'nhcwb16' ? roundUp(depth, 16) : depth)

/** Elements that an operation reads and writes in all. */
export function elements(op: Operation, block: Block, { subKernel }: { readonly subKernel: readonly [number, number] }): Access {
  const output = area(op.ofm.shape) * stored(op.ofm)
  if (op.kind === 'elementwise') return { inputs: operands(op), output, refetch: 0 }
  const input = clip(block.ifm, op.ifm.shape)
  const [down, across, deep] = tiles(op.ofm.shape, clip(block.ofm, op.ofm.shape))
  const dense = op.kind === 'vector-product'
  const kernels = ceilDiv(op.kernel.width, dense ? 1 : subKernel[1]) * ceilDiv(op.kernel.height, dense ? 1 : subKernel[0])
  const blocks = down * across * (op.kind === 'depthwise' || op.kind === 'pooling' ? 1 : deep)
  return { inputs: [area(input) * stored(op.ifm) * kernels * blocks], output, refetch: op.weights ? down * across : 0 }
}

/** Each operand once in the shape of the output, both rounded as the first is stored; 8-bit scalars travel in a register. */
function operands({ ifm, ifm2, ofm }: Operation): number[] {
  const whole = (map: FeatureMap) => area(ofm.shape) * stored(map, ofm.shape[2])
  const scalar = (map: FeatureMap) => (map.bits > 8 ? stored(map) : 0)
  if (!ifm2) return [volume(ifm.shape) === 1 ? scalar(ifm) : whole(ifm)]
  if (volume(ifm.shape) === 1) return ifm.bits > 8 ? [scalar(ifm), 0] : [0, whole(ifm)]
  return [whole(ifm), volume(ifm2.shape) === 1 ? scalar({ ...ifm2, format: ifm.format }) : whole(ifm)]
}
