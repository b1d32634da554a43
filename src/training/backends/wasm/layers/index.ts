/** The layers that the compiled step knows; a new one is one file and one line here. */
import { activation } from './activate.ts'
import { add } from './add.ts'
import { batchNormalization } from './batch-normalization.ts'
import { concatenate } from './concatenate.ts'
import { conv2d } from './conv2d.ts'
import { conv2dTranspose } from './conv2d-transpose.ts'
import type { Room } from './define.ts'
import { dense } from './dense.ts'
import { depthwiseConv2d } from './depthwise-conv2d.ts'
import { dropout } from './dropout.ts'
import { globalPooling, pooling } from './pool.ts'
import { reshape } from './reshape.ts'
import { separableConv2d } from './separable-conv2d.ts'
import { upSampling2d } from './up-sampling2d.ts'
import { zeroPadding2d } from './zero-padding2d.ts'

export const rooms: readonly Room[] = [
  activation,
  add,
  batchNormalization,
  concatenate,
  conv2d,
  conv2dTranspose,
  dense,
  depthwiseConv2d,
  dropout,
  globalPooling,
  pooling,
  reshape,
  separableConv2d,
  upSampling2d,
  zeroPadding2d,
]

export const roomOf = (className: string): Room | undefined => rooms.find(({ classNames }) => classNames.includes(className))
