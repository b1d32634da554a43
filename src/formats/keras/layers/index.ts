// One line per layer class that Keras has and tfjs has not. The namespace of this file is the registry.

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
