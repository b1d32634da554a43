/** Writes small tfjs graph models by hand, and runs them with tfjs's own converter. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { size } from '../../src/graph/ir/graph.ts'
import { key, normal, uniform } from '../../src/graph/math/random.ts'

type Attr = Readonly<Record<string, unknown>>
export type Made = {
  readonly modelTopology: { node: Record<string, any>[] }
  readonly weights: Record<string, any>[]
  readonly bytes: number[]
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
export const s = (text: string): Attr => ({ s: base64(text) })
export const ints = (...list: number[]): Attr => ({ list: { i: list.map(String) } })
export const texts = (...list: string[]): Attr => ({ list: { s: list.map(base64) } })
export const float = { type: 'DT_FLOAT' }

/** Collects nodes: a call adds one and gives its name. */
export class Builder {
  readonly node: Record<string, any>[] = []
  readonly weights: Record<string, any>[] = []
  readonly bytes: number[] = []
  readonly shape: readonly number[]

  constructor(shape: readonly number[]) {
    this.shape = shape
    this.add('Placeholder', 'x', [], { dtype: float, shape: { shape: { dim: [-1, ...shape].map((n) => ({ size: String(n) })) } } })
  }

  add(op: string, name: string, input: string[], attr: Readonly<Record<string, unknown>> = {}): string {
    this.node.push({ name, op, input, attr: { T: float, ...attr } })
    return name
  }

  constant(name: string, shape: number[], values: ArrayLike<number>, dtype: 'float32' | 'int32' = 'float32'): string {
    this.node.push({
      name,
      op: 'Const',
      attr: { dtype: { type: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' }, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: {} } } },
    })
    this.weights.push({ name, shape, dtype })
    this.bytes.push(...new Uint8Array((dtype === 'int32' ? Int32Array : Float32Array).from(values).buffer))
    return name
  }

  /** Normal draws, or, for a variance, draws above one half. */
  drawn(name: string, ...shape: number[]): string {
    const draws = key(9, 'test', this.weights.length)
    return this.constant(
      name,
      shape,
      Float32Array.from({ length: size(shape) }, (_, i) => (name.includes('variance') ? 0.5 + uniform(draws, i) : 0.4 * normal(draws, i))),
    )
  }

  model(rest: Record<string, unknown> = {}) {
    return {
      format: 'graph-model',
      modelTopology: { node: this.node, versions: { producer: 1 } },
      weightsManifest: [{ paths: ['weights.bin'], weights: this.weights }],
      ...rest,
    }
  }

  async save(folder: string, json: unknown = this.model()): Promise<string> {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'weights.bin'), Uint8Array.from(this.bytes))
    await writeFile(join(folder, 'model.json'), JSON.stringify(json))
    return join(folder, 'model.json')
  }

  /** What tfjs computes of a batch. */
  async predicted(batch: Float32Array): Promise<Float32Array> {
    const weightData = Uint8Array.from(this.bytes).buffer
    const model = await loadGraphModel({ load: async () => ({ ...this.model(), weightSpecs: this.weights as never, weightData }) })
    const out = model.predict(tf.tensor(batch, [batch.length / size(this.shape), ...this.shape])) as tf.Tensor
    return Float32Array.from(await out.data())
  }
}
