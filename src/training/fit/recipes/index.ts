// One line per recipe. The namespace of this file is the registry.
export { defaultRecipe } from './default.ts'
