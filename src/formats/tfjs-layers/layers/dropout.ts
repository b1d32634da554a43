/** Dropout and the noises of training: nothing remains of them at rest. */
import { idle } from '../idle.ts'

export const dropout = idle('Dropout')
export const alphaDropout = idle('AlphaDropout')
export const gaussianDropout = idle('GaussianDropout')
export const gaussianNoise = idle('GaussianNoise')
