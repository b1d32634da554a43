/** Regularisation and augmentation: nothing remains of them at rest. */
import { idle } from '../../tfjs-layers/idle.ts'

export const activityRegularization = idle('ActivityRegularization')
export const randomBrightness = idle('RandomBrightness')
export const randomContrast = idle('RandomContrast')
export const randomFlip = idle('RandomFlip')
export const randomRotation = idle('RandomRotation')
export const randomTranslation = idle('RandomTranslation')
export const randomZoom = idle('RandomZoom')
export const spatialDropout2d = idle('SpatialDropout2D')
