/** Layers that the accelerator runs as several operations: means, phases of transposed convolutions, borders, enlarging. */
import type { Layer, LayerTensor } from '../define.ts'
import { fact, sourceOf } from './kernel.ts'
import { activationOf, type Context, dimsOf, ends, type Lowered, mapOf, plain } from './maps.ts'
import { type Dims, type FeatureMap, type Link, type Operation, pointKernel } from './operation.ts'

/** On a U85 a transposed convolution is a plain one for each phase of its strides, with the rows and columns of the kernel that meet it. */
export function phases(layer: Layer, x: LayerTensor, y: LayerTensor, ctx: Context): readonly Lowered[] {
  const [ifm, ofm, source] = [mapOf(x, ctx), mapOf(y, ctx), sourceOf(layer, 'convolution')]
  const along = (axis: 0 | 1) => {
    const [stride, extent] =
      axis === 0 ? [fact(layer, 'strideH'), fact(layer, 'kernelH')] : [fact(layer, 'strideW'), fact(layer, 'kernelW')]
    const grown = (ofm.shape[axis] - ifm.shape[axis] * stride) / 2
    const before = Math.max(0, Math.floor((extent - stride) / 2 - Math.max(0, grown)))
    return Array.from({ length: stride }, (_, phase) => {
      const first = (phase + before) % stride
      return { phase, stride, first, taps: Math.max(1, Math.ceil((extent - first) / stride)) }
    })
  }
  return along(0).flatMap((row) =>
    along(1).map((column): Lowered => {
      const [height, width] = [row.taps, column.taps]
      const shape: Dims = [ofm.shape[0] - row.phase, ofm.shape[1] - column.phase, ofm.shape[2]]
      const kernel = { ...pointKernel, height, width }
      const op: Operation = {
        ...plain,
        kind: 'convolution',
        output: 'other',
        activation: activationOf(layer),
        kernel,
        ifm,
        ofm: { ...ofm, shape },
      }
      if (!source) return { op }
      const [o, h, w, i] = source.strides
      const data = (source.data as Int8Array).subarray(row.first * h + column.first * w)
      return { op, source: { ...source, data, height, width, strides: [o, h * row.stride, w * column.stride, i] } }
    }),
  )
}

/** A copy, and a fill for each side of each axis. */
export function border(layer: Layer, x: LayerTensor, y: LayerTensor, ctx: Context): readonly Lowered[] {
  const whole = mapOf(y, ctx)
  const copy = (ifm: FeatureMap, shape: Dims): Lowered => ({
    op: { ...plain, kind: 'pooling', output: 'other', copies: true, ifm: { ...ifm, shape }, ofm: { ...whole, shape } },
  })
  const paddings = layer.parameters?.[0] ?? []
  const fill: FeatureMap = { shape: whole.shape, bits: whole.bits, format: 'nhwc', memory: ctx.memories.constants }
  const sides = (axis: 0 | 1 | 2) => {
    const added = whole.shape[axis] - dimsOf(x.shape)[axis]
    const before = paddings.at(2 * axis - 6) ?? 0
    return [before, added - before]
      .filter((extent) => extent > 0)
      .map((extent) => copy(fill, whole.shape.with(axis, extent) as unknown as Dims))
  }
  return [copy(mapOf(x, ctx), dimsOf(x.shape)), ...sides(2), ...sides(1), ...sides(0)]
}

/** One operation on a U85; on U55 and U65 a pool over an input whose pixels are doubled, once for each factor of two. */
export function enlarged(blends: boolean, x: LayerTensor, y: LayerTensor, ctx: Context): readonly Lowered[] {
  const [ifm, ofm] = [mapOf(x, ctx), mapOf(y, ctx)]
  if (ctx.generation === 'u85') return [{ op: { ...plain, kind: 'enlarging', output: 'other', ifm, ofm } }]
  const factor = Math.max(ofm.shape[0] / ifm.shape[0], ofm.shape[1] / ifm.shape[1])
  const ops: Lowered[] = []
  let from = ifm
  for (let done = 2; done <= factor; done *= 2) {
    const last = done * 2 > factor
    const shape: Dims = [Math.min(from.shape[0] * 2, ofm.shape[0]), Math.min(from.shape[1] * 2, ofm.shape[1]), ofm.shape[2]]
    const to: FeatureMap = last ? ofm : { shape, bits: ofm.bits, format: 'nhcwb16', memory: ctx.memories.staging }
    const size = last && blends ? factor : 1
    ops.push({
      op: {
        ...plain,
        kind: 'pooling',
        output: 'other',
        kernel: { ...pointKernel, height: size, width: size },
        upscale: 'pixels',
        ifm: from,
        ofm: to,
      },
    })
    from = to
  }
  return ops
}

/** A mean over height and width: a depthwise sum with weights of one, then a product with the reciprocal of their number. */
export function mean(layer: Layer, x: LayerTensor, y: LayerTensor, ctx: Context): readonly Lowered[] | undefined {
  const [height, width, depth] = dimsOf(x.shape)
  if (layer.facts.reducesChannels !== false || fact(layer, 'reducedElements') !== height * width) return undefined
  const { memories } = ctx
  const sums: FeatureMap = { shape: [1, 1, depth], bits: 32, format: 'nhcwb16', memory: memories.staging }
  const one: FeatureMap = { shape: [1, 1, 1], bits: 32, format: 'nhwc', memory: memories.constants }
  const product: Operation = { ...plain, kind: 'elementwise', output: 'multiply', ifm: sums, ifm2: one, ofm: mapOf(y, ctx, [1, 1, depth]) }
  const scaling: Link = { output: 'multiply', activation: 'none', binary: true, bits: { input: 32, output: product.ofm.bits }, other: one }
  const ones = { data: new Int8Array(height * width * depth).fill(1), zero: 0, strides: [1, width * depth, depth, 0] } as const
  return [
    {
      op: {
        ...{ ...plain, kind: 'depthwise', output: 'other', kernel: { ...pointKernel, height, width }, ifm: mapOf(x, ctx), ofm: sums },
        ...(ctx.generation === 'u85' && ends({ ...product, ofm: sums }, [scaling], product.ofm, ctx)),
      },
      source: { ...ones, height, width, gaps: [1, 1], depth: 1 },
    },
    ...(ctx.generation === 'u85' ? [] : [{ op: product }]),
  ]
}
