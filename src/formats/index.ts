// One line per format of float models. The namespace of this file is the registry.
export { floatTflite } from './float-tflite.ts'
export { kerasH5 } from './keras/h5.ts'
export { kerasV3 } from './keras/v3.ts'
export { tfjsGraph } from './tfjs-graph/format.ts'
export { tfjsLayers } from './tfjs-layers/format.ts'
