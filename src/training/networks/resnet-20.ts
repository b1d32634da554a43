/** ResNet-20 for CIFAR (He et al. 2016, Sec. 4.2). */
import { defineNetwork } from './define.ts'
import { buildCifarResidual } from './kit/cifar-residual.ts'

export const resnet20 = defineNetwork({
  name: 'resnet-20',
  says: 'ResNet-20 for small images (He et al. 2016, as in the example of Keras); width multiplies every channel count.',
  settings: { width: 1 },
  build: (options, { width }) => buildCifarResidual('resnet-20', 3, options, width),
})
