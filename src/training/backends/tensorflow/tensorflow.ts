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

export const howToGet = 'make backend-tensorflow installs it'

/** Becomes the backend of the whole process. */
async function start(): Promise<void> {
  const name = installedPackage()
  if (!name)
    throw new UserError('no-tensorflow', 'TensorFlow for Node is not installed.', { hint: `${howToGet}.`, expected: packages.join(' or ') })
  if (tf.getBackend() === 'tensorflow') return
  try {
    // Its copy of tfjs is ours: they are one package on disk.
    require(name)
  } catch (cause) {
    throw new UserError('no-tensorflow', `${name} is installed, but its native library does not load.`, { hint: `${howToGet}.`, cause })
  }
  if (!(await tf.setBackend('tensorflow')))
    throw new UserError('no-tensorflow', `${name} did not start on the tfjs that Peapod uses.`, {
      found: tf.engine().backendNames().join(', '),
      hint: `${howToGet}.`,
    })
}

export const tensorflow: Backend = {
  name: 'tensorflow',
  refuses(model) {
    if (!installedPackage()) return `TensorFlow for Node is not installed (${howToGet})`
    const dilated = layersOf(model).find((l) =>
      [(l as unknown as { dilationRate?: number | number[] }).dilationRate ?? 1].flat().some((d) => d !== 1),
    )
    return dilated ? `tfjs-node has no gradient for the dilated layer ${dilated.name}` : refuses(model)
  },
  async prepare(model, options) {
    await start()
    registerFused()
    return createStep(model, options)
  },
}
