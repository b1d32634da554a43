/** ResNet-18 (He et al. 2016, Table 1): blocks of two 3 x 3 convolutions. */
import { defineNetwork } from './define.ts'
import { type Branch, buildResidual } from './kit/residual.ts'

const branch: Branch = ({ conv, norm, normed }, x, name, channels, strides) => {
  const inner = normed(conv(x, `${name}_conv1`, channels, 3, { strides }), `${name}_conv1`)
  return norm(conv(inner, `${name}_conv2`, channels, 3), `${name}_conv2_bn`)
}

export const resnet18 = defineNetwork({
  name: 'resnet-18',
  says: 'ResNet-18 (He et al. 2016); width multiplies every channel count.',
  settings: { width: 1 },
  build: (options, { width }) => buildResidual({ name: 'resnet-18', blocks: [2, 2, 2, 2], branch, expansion: 1 }, options, width),
})
