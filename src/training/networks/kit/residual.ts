/** Residual networks for ImageNet (He et al. 2016): a stem, four stages of blocks at 64 to 512 channels, a dense layer. */
import { layers } from '@tensorflow/tfjs-layers'
import type { NetworkOptions } from '../define.ts'
import { checkWidth, isSmall, on, type Parts, partsFor, type Value } from './parts.ts'

/** The branch of one block: what is added to the shortcut, its last batch norm included. */
export type Branch = (parts: Parts, x: Value, name: string, channels: number, strides: number) => Value

export type Residual = {
  readonly name: string
  /** Blocks of each stage. */
  readonly blocks: readonly [number, number, number, number]
  readonly branch: Branch
  /** Channels behind a block for each of the stage's own. */
  readonly expansion: number
}

/** Stride 2 stands at the first block of a stage. Small images take a 3 x 3 stem of stride 1 without a pool. */
export function buildResidual({ name, blocks, branch, expansion }: Residual, options: NetworkOptions, width: number) {
  const channels = (atWidth1: number): number => Math.floor(atWidth1 * width)
  checkWidth(name, width, channels(64))
  const parts = partsFor(options, { epsilon: 1e-5 })
  const { conv, norm, normed, activate, image, maxPool } = parts
  const input = image()
  const stem = isSmall(options) ? conv(input, 'conv1', channels(64), 3) : conv(input, 'conv1', channels(64), 7, { strides: 2 })
  let x = normed(stem, 'conv1')
  if (!isSmall(options)) x = maxPool(x, 'pool1', 3)
  for (const [stage, count] of blocks.entries())
    for (let block = 0; block < count; block++) {
      const at = `stage${stage + 1}_block${block + 1}`
      const own = channels(64 * 2 ** stage)
      const strides = stage > 0 && block === 0 ? 2 : 1
      const added = branch(parts, x, at, own, strides)
      const same = strides === 1 && x.shape[3] === own * expansion
      const shortcut = same ? x : norm(conv(x, `${at}_shortcut`, own * expansion, 1, { strides }), `${at}_shortcut_bn`)
      x = activate(on(layers.add({ name: `${at}_add` }), added, shortcut), `${at}_act`)
    }
  return parts.model(input, parts.classify(x), name)
}
