/** Activations and ensembles that do not follow a batch normalisation. */
import { type Activation, activationArgs, activationOf, inMode, slopesOf } from '../activation.ts'
import type { Build, Value } from '../build.ts'
import { call } from '../region.ts'
import type { Room } from './define.ts'

/** Adds an activation behind a value; an identity adds nothing. */
export function activate(build: Build, name: string, x: Value, given: Activation): Value {
  if (given.kind === 0) return x
  const args = activationArgs(inMode(given, build.mode))
  const y = build.value(name, x.shape, x.learns)
  const { floats } = x
  const slopes = slopesOf(given, name, floats * build.plan.batch)
  build.plan.images({
    bytesPerImage: 8 * floats,
    emit: (from, to) => [call('activate', ...args.forward, x.region, y.region, slopes, from * floats, to * floats)],
  })
  build.onBack(() => {
    const dy = y.gradient
    if (!dy) return
    build.plan.images({
      bytesPerImage: 8 * floats,
      emit: (from, to) => [call('activateGradient', ...args.back, x.region, slopes, dy, dy, from * floats, to * floats)],
    })
    build.give(x, dy)
  })
  return y
}

export const activation: Room = {
  classNames: ['Activation', 'ReLU', 'ELU', 'Ensemble'],
  refuses(site) {
    if ((site.layer as { trainableBeta?: boolean }).trainableBeta) return 'the kernels have no gradient for its beta, which is trained'
    return activationOf(site, () => undefined as any) ? undefined : 'this activation has no kernel'
  },
  build: (build, site, [x]) => activate(build, site.layer.name, x!, activationOf(site, (s) => build.stateOf(s))!),
}
