// One line per layer class that Keras has and tfjs has not, or that it computes otherwise. The namespace of this file is the registry.

export { rescaling } from './rescaling.ts'
export {
  activityRegularization,
  randomBrightness,
  randomContrast,
  randomFlip,
  randomRotation,
  randomTranslation,
  randomZoom,
  spatialDropout2d,
} from './training-only.ts'
export { upSampling2d } from './up-sampling-2d.ts'
