/** The passes in the order in which they run. */
import type { Pass } from './define.ts'
import { foldBatchNorm } from './fold-batch-norm.ts'
import { foldPad } from './fold-pad.ts'
import { fuseActivation } from './fuse-activation.ts'
import { lowerSmooth } from './lower-smooth.ts'
import { removeIdentity } from './remove-identity.ts'
import { splitActivation } from './split-activation.ts'
import { splitBatchNorm } from './split-batch-norm.ts'
import { strip } from './strip.ts'

export const stripPasses: readonly Pass<'imported'>[] = [strip]

/** Normalisation first: it may enter a convolution whose padding is still explicit, and activations come to stand behind their convolution. */
export const foldPasses: readonly Pass<'stripped'>[] = [
  lowerSmooth,
  removeIdentity,
  splitBatchNorm,
  foldBatchNorm,
  foldPad,
  splitActivation,
  fuseActivation,
]

export const passes: readonly Pass<any>[] = [...stripPasses, ...foldPasses]
