/** Activations and ensembles as kernel arguments: kind, mix, top, beta, and the memory that holds what changes. */
import { key } from '../../../graph/math/random.ts'
import { drawKey, threshold } from '../../pea/draw.ts'
import { type Arg, type Region, region } from './region.ts'
import type { Site } from './topology.ts'

/** The numbers of kernels/smooth.as.ts. */
const kinds = { identity: 0, relu: 1, swish: 2, gelu: 3, mish: 4, elu: 5 } as const
const mixes = { none: 0, weighted: 1, stochastic: 2 } as const

export type Activation = {
  readonly kind: number
  readonly mix: number
  readonly top: number
  readonly beta: number
  readonly state: Region | undefined
}

/** The fields of pea/ensemble.ts that the engine reads. */
export type EnsembleLike = {
  readonly mix: 'weighted' | 'stochastic'
  readonly activation: 'gelu' | 'swish' | 'mish' | 'elu'
  readonly base: 'relu' | 'relu6'
  readonly beta?: number
  readonly alpha: number
  readonly stream: number
}

const plain = (kind: keyof typeof kinds, top = Number.POSITIVE_INFINITY): Activation => ({
  kind: kinds[kind],
  mix: mixes.none,
  top,
  beta: 1,
  state: undefined,
})

/** Names of tfjs activations. */
const named = {
  linear: plain('identity'),
  relu: plain('relu'),
  relu6: plain('relu', 6),
  elu: plain('elu'),
  swish: plain('swish'),
  mish: plain('mish'),
  gelu: plain('gelu'),
} as const

export const isSoftmax = (site: Site): boolean =>
  (site.className === 'Softmax' && [-1, site.shape.length, undefined].includes((site.layer as any).axis)) ||
  (site.className === 'Activation' && nameOf(site.layer) === 'softmax')

/** The name of a layer's `activation` field; 'linear' where there is none. */
export const nameOf = (layer: unknown): string => (layer as any).activation?.getClassName?.() ?? 'linear'

/** The activation by its tfjs name, if the kernels have it. */
export const activationNamed = (name: string): Activation | undefined =>
  Object.hasOwn(named, name) ? named[name as keyof typeof named] : undefined

/** Why a layer's own activation has no kernel. The softmax that ends a model needs none: the step works on logits. */
export const refusesActivation = ({ layer }: Site, isLast: boolean): string | undefined =>
  activationNamed(nameOf(layer)) || (isLast && nameOf(layer) === 'softmax') ? undefined : `its activation "${nameOf(layer)}" has no kernel`

/** A layer's own activation; that softmax is left out. */
export const ownActivation = (layer: unknown): Activation => activationNamed(nameOf(layer)) ?? named.linear

/** A layer that is nothing but an activation, or undefined. Ensembles take their memory from `stateOf`. */
export function activationOf(site: Site, stateOf: (site: Site) => Region): Activation | undefined {
  const layer = site.layer as any
  if (site.className === 'Activation') return activationNamed(nameOf(layer))
  if (site.className === 'ReLU')
    return layer.negativeSlope || layer.threshold ? undefined : plain('relu', layer.maxValue ?? Number.POSITIVE_INFINITY)
  if (site.className === 'ELU') return (layer.alpha ?? 1) === 1 ? named.elu : undefined
  if (site.className !== 'Ensemble') return undefined
  const { mix, activation, base, beta } = layer as EnsembleLike
  return {
    kind: kinds[activation],
    mix: mixes[mix],
    top: base === 'relu6' ? 6 : Number.POSITIVE_INFINITY,
    beta: beta ?? 1,
    state: stateOf(site),
  }
}

/** What an ensemble is at alpha = 1. */
export const baseOf = (layer: unknown): Activation => plain('relu', (layer as EnsembleLike).base === 'relu6' ? 6 : undefined)

/** In inference an ensemble is its expectation, the weighted form. */
export const inMode = (activation: Activation, mode: 'train' | 'predict'): Activation =>
  mode === 'predict' && activation.mix === mixes.stochastic ? { ...activation, mix: mixes.weighted } : activation

/** The leading arguments of the kernels that activate, and of their gradients. */
export const activationArgs = ({ kind, mix, top, beta, state }: Activation): { forward: Arg[]; back: Arg[] } => ({
  forward: [kind, mix, top, beta, state ?? 0],
  back: [kind, mix, top, state ?? 0],
})

/** Memory for the slopes, which the gradient takes from there; inference needs it too, for exponentials (kernels/activate.as.ts). */
export const slopesOf = ({ kind }: Activation, name: string, floats: number): Region | 0 =>
  kind > kinds.relu ? region(`${name} slopes`, floats) : 0

export const ensembleState = (name: string): Region => region(`${name} state`, 4, true)

/** Writes what keys and steers the draws of a layer at a step. */
export function writeState(memory: DataView, state: Region, { className, layer }: Site, stream: number, seed: number, step: number): void {
  if (className === 'Ensemble') writeEnsemble(memory, state, layer as unknown as EnsembleLike, seed, step)
  else {
    memory.setInt32(state.address, Math.round((layer as unknown as { rate: number }).rate * 0x1000000), true)
    memory.setInt32(state.address + 4, key(seed, 'dropout', stream, step), true)
  }
}

/** Writes alpha, the threshold of the draw and the step's key. */
function writeEnsemble(memory: DataView, { address }: Region, { alpha, stream }: EnsembleLike, seed: number, step: number): void {
  memory.setFloat32(address, alpha, true)
  memory.setInt32(address + 4, threshold(alpha), true)
  memory.setInt32(address + 8, drawKey(seed, stream, step), true)
}
