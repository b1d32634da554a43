/** BatchNormalization over the last axis, with the residual and the activation that follow it in one pass. */
import { type Activation, activationArgs, activationNamed, inMode, slopesOf } from '../activation.ts'
import type { Build, Value } from '../build.ts'
import { at, call, region } from '../region.ts'
import type { Layer } from '../topology.ts'
import type { Room } from './define.ts'

export function normalise(build: Build, layer: Layer, name: string, x: Value, activation: Activation, residual?: Value): Value {
  const { plan, parameters } = build
  const channels = x.shape.at(-1)!
  const pixels = x.floats / channels
  const stride = Math.ceil(channels / 4) * 4
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'movingMean', 'movingVariance'].map((field) => parameters.of(layer, field))
  const { epsilon, momentum } = layer as unknown as { epsilon: number; momentum: number }
  const learned = [gamma?.weight ?? 0, beta?.weight ?? 0] as const
  const state = region(`${layer.name} state`, 5 * stride)
  const z = build.value(name, x.shape, true)
  const slopes = slopesOf(activation, name, x.floats * plan.batch)
  const added = residual?.region ?? 0
  const args = activationArgs(inMode(activation, build.mode))
  if (build.mode === 'predict') plan.prelude([call('normStateOf', mean!.weight, variance!.weight, ...learned, epsilon, state, channels)])
  else {
    const sums = build.sums(`${layer.name} sums`, 3 * stride)
    plan.images({
      bytesPerImage: 4 * x.floats,
      begin: sums.begin,
      emit(from, to, part) {
        const own = sums.of(part)
        const shift = at(own.region, own.offset + 8 * stride)
        const first = call('copyRows', at(x.region, from * x.floats * 4), 0, shift, 0, channels * 4, 1)
        const add = call('normSums', x.region, shift, own, channels, from * pixels, to * pixels)
        return from === plan.range(part)[0] ? [first, add] : [add]
      },
    })
    plan.split([[call('normStateOfParts', sums.region, plan.parts, sums.apart, plan.batch, pixels, ...learned, epsilon, state, channels)]])
    plan.finale([call('normMoving', mean!.weight, variance!.weight, state, momentum, channels)])
  }
  plan.images({
    bytesPerImage: 8 * x.floats,
    emit: (from, to) => [
      call('normActivate', ...args.forward, x.region, state, added, z.region, slopes, channels, from * pixels, to * pixels),
    ],
  })
  build.onBack(() => {
    const dz = z.gradient
    if (!dz) return
    const sums = build.sums(`${layer.name} sums back`, 2 * stride)
    const factors = region(`${layer.name} factors`, 3 * stride)
    const gradients = [gamma, beta].map((parameter) =>
      parameter?.moments ? region(`${parameter.variable.name} gradient`, channels) : undefined,
    )
    plan.images({
      bytesPerImage: 8 * x.floats,
      begin: sums.begin,
      emit: (from, to, part) => [
        call(
          'normActivateGradient',
          ...args.back,
          dz,
          x.region,
          state,
          added,
          slopes,
          dz,
          sums.of(part),
          channels,
          from * pixels,
          to * pixels,
        ),
      ],
    })
    const rows = plan.batch * pixels
    plan.split([
      [
        call(
          'normFactors',
          sums.region,
          plan.parts,
          sums.apart,
          rows,
          learned[0],
          state,
          factors,
          gradients[0] ?? 0,
          gradients[1] ?? 0,
          channels,
        ),
      ],
    ])
    for (const [i, parameter] of [gamma, beta].entries()) if (gradients[i]) build.update(parameter!, gradients[i], 1, 0)
    // The residual's gradient is du itself; what goes on through the normalisation then needs memory of its own.
    const dx = residual?.learns ? region(`${layer.name} gradient back`, x.floats * plan.batch) : dz
    if (x.learns)
      plan.images({
        bytesPerImage: 8 * x.floats,
        emit: (from, to) => [call('normGradient', dz, x.region, factors, dx, channels, from * pixels, to * pixels)],
      })
    if (residual) build.give(residual, dz)
    build.give(x, dx)
  })
  return z
}

export const batchNormalization: Room = {
  classNames: ['BatchNormalization'],
  refuses: ({ layer, shape }) => ([-1, shape.length].includes((layer as any).axis) ? undefined : 'it does not normalise the last axis'),
  build: (build, { layer }, [x]) => normalise(build, layer, layer.name, x!, activationNamed('linear')!),
}
