/** ResNet-50 (He et al. 2016, Table 1): bottlenecks of 1 x 1, 3 x 3 and 1 x 1 convolutions. */
import { defineNetwork } from './define.ts'
import { type Branch, buildResidual } from './kit/residual.ts'

/** The stride stands in the 3 x 3 convolution, as in Goyal et al. 2017 and in torchvision; the paper has it in the first 1 x 1. */
const branch: Branch = ({ conv, norm, normed }, x, name, channels, strides) => {
  const narrow = normed(conv(x, `${name}_conv1`, channels, 1), `${name}_conv1`)
  const inner = normed(conv(narrow, `${name}_conv2`, channels, 3, { strides }), `${name}_conv2`)
  return norm(conv(inner, `${name}_conv3`, 4 * channels, 1), `${name}_conv3_bn`)
}

export const resnet50 = defineNetwork({
  name: 'resnet-50',
  says: 'ResNet-50 (He et al. 2016), stride in the 3 x 3 convolutions; width multiplies every channel count.',
  settings: { width: 1 },
  build: (options, { width }) => buildResidual({ name: 'resnet-50', blocks: [3, 4, 6, 3], branch, expansion: 4 }, options, width),
})
