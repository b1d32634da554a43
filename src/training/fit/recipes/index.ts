// One line per recipe. The namespace of this file is the registry.
export { cifar } from './cifar.ts'
export { cityscapes } from './cityscapes.ts'
export { defaultRecipe } from './default.ts'
export { imagenet } from './imagenet.ts'
