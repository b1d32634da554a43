/** The default backend: a model whose every layer it knows becomes a compiled step on our own kernels. */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { assert } from '../../../errors.ts'
import { loadModule } from '../../../wasm/load.ts'
import { sharedMemory } from '../../../wasm/pool.ts'
import type { Backend } from '../define.ts'
import { withoutSoftmax } from './compile.ts'
import { roomOf } from './layers/index.ts'
import { createStep } from './step.ts'
import { type Site, topology } from './topology.ts'

/** The layers to compile, or why this model cannot be. */
function known(model: LayersModel): readonly Site[] | string {
  const sites = topology(model)
  if (typeof sites === 'string') return sites
  const kept = withoutSoftmax(sites)
  for (const site of kept) {
    if (site.className === 'InputLayer') continue
    const room = roomOf(site.className)
    const why = room ? room.refuses?.(site, site === kept.at(-1) && kept === sites) : 'the compiled step does not know this kind of layer'
    if (why) return `layer "${site.layer.name}" (${site.className}): ${why}`
  }
  return sites
}

export const wasm: Backend = {
  name: 'wasm',
  fakes: true,
  gives: 'compiled steps on our own kernels, on all cores: the fastest here',
  async probe() {
    const memory = sharedMemory(65_536)
    new WebAssembly.Instance(loadModule('training-shared'), { env: { memory } })
    return { ready: true, says: 'ready' }
  },
  refuses(model) {
    const sites = known(model)
    return typeof sites === 'string' ? sites : undefined
  },
  async prepare(model, options) {
    const sites = known(model)
    assert(typeof sites !== 'string', `the compiled step takes this model: ${sites}`)
    return createStep(sites, model, options)
  },
}
