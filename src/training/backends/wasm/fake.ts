/** Fake quantisation in the compiled step: values behind layers, and kernels before products, as int8 says them. */
import type { Steps } from '../../../quantise/fake/define.ts'
import type { Build, Value } from './build.ts'
import type { Parameter } from './parameters.ts'
import { call, type Draft, type Region, region } from './region.ts'

/** A value as int8 says it; its gradient goes straight through where nothing was clipped. */
export function fakeValue(build: Build, name: string, x: Value, { scale, zero }: Steps): Value {
  const y = build.value(`${name} in steps`, x.shape, x.learns)
  const { floats } = x
  const args = [scale, -128 - zero, 127 - zero]
  build.plan.images({
    bytesPerImage: 8 * floats,
    emit: (from, to) => [call('fakeQuantise', x.region, y.region, ...args, from * floats, to * floats)],
  })
  build.onBack(() => {
    const dy = y.gradient
    if (!dy) return
    build.plan.images({
      bytesPerImage: 8 * floats,
      emit: (from, to) => [call('fakeQuantiseGradient', x.region, dy, dy, ...args, from * floats, to * floats)],
    })
    build.give(x, dy)
  })
  return y
}

/**
 * What products read of a kernel [rows, columns], and the calls that make it: the weight itself, or its values in int8, with a scale for
 * each column or, where `whole`, one. A channel whose scale the file raises (`weightQuant`) adds up to less than a step either way.
 */
export function kernelOf(
  { options: { fake } }: Build,
  { name, weight, floats }: Parameter,
  columns: number,
  whole: boolean,
): { readonly region: Region; readonly calls: readonly Draft[] } {
  if (!fake) return { region: weight, calls: [] }
  const { weights, powerOfTwo } = fake.scheme
  const [into, scales] = [region(`${name} in steps`, floats), region(`${name} scales`, columns)]
  const one = whole || weights === 'per-tensor'
  return {
    region: into,
    calls: [call('fakeWeights', weight, into, scales, floats / columns, columns, Number(one), Number(powerOfTwo))],
  }
}
