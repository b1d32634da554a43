/** ResNet-8, the image classifier of MLPerf Tiny (Banbury et al. 2021). */
import { defineNetwork } from './define.ts'
import { buildCifarResidual } from './kit/cifar-residual.ts'

export const resnet8 = defineNetwork({
  name: 'resnet-8',
  says: 'ResNet-8 for small images (MLPerf Tiny, Banbury et al. 2021); width multiplies every channel count.',
  settings: { width: 1 },
  build: (options, { width }) => buildCifarResidual('resnet-8', 1, options, width),
})
