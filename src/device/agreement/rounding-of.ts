/** The rounding by which a runner is known to compute, so that what remains are differences of its own. */
import type { Rounding } from '../../graph/ops/define.ts'
import type { Description } from '../define.ts'

/** `tflm` where nothing is known. LiteRT says which kernels it was asked for. */
export function roundingOf({ facts: { runtime, kernels } }: Description): Rounding {
  if (runtime !== 'ai-edge-litert' && runtime !== 'tflite-runtime') return 'tflm'
  return kernels === 'xnnpack' ? 'xnnpack' : 'litert'
}
