/** Which linear layer takes in which batch normalisation, as the fold of the graph will. */
import type { Site } from '../backends/wasm/topology.ts'

const linear = ['Conv2D', 'DepthwiseConv2D', 'Dense']

/** By the index of the layer, the index of the normalisation behind it that is its one reader. */
export function absorbedOf(sites: readonly Site[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>()
  for (const [norm, { className, inputs }] of sites.entries()) {
    if (className !== 'BatchNormalization') continue
    const [from] = inputs as [number]
    const readers = sites.filter((site) => site.inputs.includes(from))
    if (linear.includes(sites[from]!.className) && activationOf(sites[from]!) === 'linear' && readers.length === 1) pairs.set(from, norm)
  }
  return pairs
}

/** The name of the activation that a layer carries or is. */
export const activationOf = ({ layer }: Site): string =>
  (layer as unknown as { activation?: { getClassName?(): string } }).activation?.getClassName?.() ?? 'linear'
