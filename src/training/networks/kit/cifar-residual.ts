/** Residual networks for small images (He et al. 2016, Sec. 4.2): three stages of blocks at 16, 32 and 64 channels. */
import { layers } from '@tensorflow/tfjs-layers'
import type { NetworkOptions } from '../define.ts'
import { checkWidth, on, partsFor } from './parts.ts'

/**
 * 6 `blocks` + 2 layers. As in Keras's example and in MLPerf Tiny (Banbury et al. 2021): convolutions have biases, and where the size
 * changes, a 1 x 1 convolution without batch norm is the shortcut.
 */
export function buildCifarResidual(name: string, blocks: number, options: NetworkOptions, width: number) {
  const channels = (atWidth1: number): number => Math.floor(atWidth1 * width)
  checkWidth(name, width, channels(16))
  const { conv, norm, normed, activate, image, classify, model } = partsFor(options, { epsilon: 1e-3, bias: true })
  const input = image()
  let x = normed(conv(input, 'conv1', channels(16), 3), 'conv1')
  for (const stage of [0, 1, 2])
    for (let block = 0; block < blocks; block++) {
      const at = `stage${stage + 1}_block${block + 1}`
      const own = channels(16 * 2 ** stage)
      const strides = stage > 0 && block === 0 ? 2 : 1
      const inner = normed(conv(x, `${at}_conv1`, own, 3, { strides }), `${at}_conv1`)
      const added = norm(conv(inner, `${at}_conv2`, own, 3), `${at}_conv2_bn`)
      const shortcut = strides === 1 ? x : conv(x, `${at}_shortcut`, own, 1, { strides })
      x = activate(on(layers.add({ name: `${at}_add` }), added, shortcut), `${at}_act`)
    }
  return model(input, classify(x), name)
}
