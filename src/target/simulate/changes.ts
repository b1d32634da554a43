/** What would change a layer's cycles, by the term that bounds them. */

const byBound: Readonly<Record<string, string>> = {
  mac: 'fewer products (a smaller kernel, fewer channels), or channels in multiples of what the array takes at once',
  output: 'fewer elements of output, or an activation that the output stage takes faster: ReLU or ReLU6 rather than a table',
  issue: 'larger blocks: more channels or a larger map for each step of the kernel',
  vector: 'fewer elements: fuse the activation into the layer before, or shrink the map first',
  sram: 'smaller feature maps, or channels in multiples of 16, so that bursts are full',
  external: 'smaller or better compressed weights, or a memory mode that keeps maps and weights on the chip',
  memory: 'smaller feature maps: a stride or a pool earlier in the network',
  'weight-dma': 'fewer weights, or more work in the layer before, behind which they come in',
  transfer: 'a smaller input or output, or no operator on the CPU between two parts',
  start: 'fewer parts: replace the operators that the accelerator leaves to the CPU',
  setup: 'fewer layers: fuse them, or take wider ones',
  cpu: 'an operator that the accelerator runs: peapod check says which rule keeps it off',
  chained: 'what bounds the layer that it is chained to',
}

/** Undefined for a bound that nothing changes, such as a fixed price. */
export const changeOf = (boundBy: string): string | undefined => byBound[boundBy]
