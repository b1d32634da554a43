/** UpSampling2D as Keras computes it: bilinear pixels lie by their centres. */
import { enlarging } from '../../tfjs-layers/layers/up-sampling-2d.ts'

export const upSampling2d = enlarging(true)
