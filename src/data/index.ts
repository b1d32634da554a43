// One line per data format, in the order in which they are asked. The namespace of this file is the registry.
export { cifarRecords } from './cifar-records.ts'
export { imageFolder } from './image-folder.ts'
export { roadsigns } from './roadsigns/roadsigns.ts'
