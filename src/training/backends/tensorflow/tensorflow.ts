/** The TensorFlow backend: any `tf.LayersModel` on @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node, where the user has installed one. */
import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs-core'
import { UserError } from '../../../errors.ts'
import '../../tensors.ts'
import { layersOf } from '../../networks/layers-of.ts'
import type { Backend } from '../define.ts'
import { createStep, refuses } from '../eager/create-step.ts'
import { registerFused } from './register-fused.ts'

const require = createRequire(import.meta.url)

/** The faster first. That -gpu runs on a GPU was not tried yet. */
export const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const

/** The package that is installed, if any; its native library may still be missing. */
export const installedPackage = (): string | undefined =>
  packages.find((name) => {
    try {
      return require.resolve(`${name}/package.json`)
    } catch {
      return false
    }
  })

const howToGet = 'make backend-tensorflow installs it'

let loaded: string | undefined

/** Loads the package, which registers the backend; says why that does not go. */
function load(): string | undefined {
  const name = installedPackage()
  if (!name) return `TensorFlow for Node is not installed (${howToGet})`
  if (loaded === name) return undefined
  try {
    // Its copy of tfjs is ours: they are one package on disk.
    require(name)
  } catch (cause) {
    return `${name} is installed, but its native library does not load (${howToGet}): ${firstLine(cause)}`
  }
  if (!tf.engine().backendNames().includes('tensorflow')) return `${name} did not start on the tfjs that Peapod uses (${howToGet})`
  loaded = name
  return undefined
}

const firstLine = (cause: unknown): string => String((cause as Error)?.message ?? cause).split('\n')[0]!

/** Becomes the backend of the whole process. */
async function start(): Promise<void> {
  const why = load()
  if (why !== undefined) throw new UserError('no-tensorflow', why, { expected: packages.join(' or ') })
  if (tf.getBackend() !== 'tensorflow') await tf.setBackend('tensorflow')
  registerFused()
}

export const tensorflow: Backend = {
  name: 'tensorflow',
  gives: 'any tfjs layer but dilated ones, on TensorFlow; -gpu was not run on a GPU yet',
  async probe() {
    const why = load()
    if (why !== undefined) return { ready: false, says: why }
    await start()
    return { ready: true, says: `ready: ${loaded} ${require(`${loaded}/package.json`).version}` }
  },
  refuses(model) {
    if (!installedPackage()) return load()
    const dilated = layersOf(model).find((l) =>
      [(l as unknown as { dilationRate?: number | number[] }).dilationRate ?? 1].flat().some((d) => d !== 1),
    )
    return dilated ? `tfjs-node has no gradient for the dilated layer ${dilated.name}` : (refuses(model) ?? load())
  },
  async prepare(model, options) {
    await start()
    return createStep(model, options)
  },
}
