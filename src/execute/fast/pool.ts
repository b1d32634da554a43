/** Pools ready to run, average and maximum alike. */
import { windowOf } from '../../graph/math/window.ts'
import { stepRange } from '../../graph/ops/kit/fused.ts'
import { defineFast, type Exports } from './define.ts'

/** Sums of int8 over so many pixels stay below 2^24, where the kernel's float32 division is exact. */
const LARGEST_WINDOW = 65536

export const pool = (op: string, name: 'averagePool' | 'maxPool') =>
  defineFast({
    op,
    prepare(attrs, [x], [y], _, memory) {
      const w = windowOf(attrs, x!.shape, [attrs.filterH, attrs.filterW], y!.shape)
      if (w.kernelH * w.kernelW > LARGEST_WINDOW) return undefined
      const channels = x!.shape[3]!
      const [min, max] = stepRange(attrs.fusedActivation, y!)
      const layer = memory.put(
        Int32Array.from([
          ...[w.inH, w.inW, channels, w.outH, w.outW, w.kernelH, w.kernelW, w.strideH, w.strideW, w.top, w.left],
          ...[min, max],
        ]),
      )
      const run: Exports[typeof name] = memory.exports[name]
      const [inBytes, outBytes] = [w.inH * w.inW * channels, w.outH * w.outW * channels]
      return ([from], [to]) => {
        for (let n = 0; n < w.batch; n++) run(layer, from!.byteOffset + n * inBytes, to!.byteOffset + n * outBytes)
      }
    },
  })
