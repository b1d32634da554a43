/** Compiles a model's topology into two programs over one memory: a training step and inference. */

import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Program } from '../../../wasm/program.ts'
import { absorbedOf } from '../../aware/absorbed.ts'
import type { StepOptions } from '../define.ts'
import { activationOf, baseOf, isSoftmax, nameOf } from './activation.ts'
import { Build, type Knobs, type Value } from './build.ts'
import { fakeValue } from './fake.ts'
import { activate } from './layers/activate.ts'
import { normalise } from './layers/batch-normalization.ts'
import { roomOf } from './layers/index.ts'
import { layOut, resolve } from './layout.ts'
import { Parameters } from './parameters.ts'
import { type Mark, Plan } from './plan.ts'
import { call, type Region, region } from './region.ts'
import type { Layer, Site } from './topology.ts'

export type Compiled = {
  readonly train: Program
  readonly predict: Program
  /** Stages of `train` up to and with the loss. */
  readonly lossStage: number
  readonly marks: readonly Mark[]
  readonly parameters: Parameters
  /** Memory of the layers that change from step to step, by their place in the topology. */
  readonly states: ReadonlyMap<Site, Region>
  readonly knobs: Knobs
  readonly images: Region
  readonly logits: Region
  readonly floatsPerImage: number
  /** Logits of one image, and classes. */
  readonly rows: number
  readonly classes: number
  /** Bytes of memory in all. */
  readonly bytes: number
}

/** The final softmax, if the model ends in one: the step works on what goes into it. */
export const withoutSoftmax = (sites: readonly Site[]): readonly Site[] => (isSoftmax(sites.at(-1)!) ? sites.slice(0, -1) : sites)

type Fused = { readonly last: number; readonly covered: readonly number[]; readonly residual?: Value }

/**
 * What follows batch normalisation `i` alone and fits into its pass: an activation, or a sum with one value that is there
 * already and then an activation.
 */
function behind(sites: readonly Site[], values: readonly Value[], i: number): Fused | undefined {
  const onlyConsumer = (of: number): number | undefined => {
    const found = sites.flatMap(({ inputs }, j) => inputs.filter((input) => input === of).map(() => j))
    return found.length === 1 ? found[0] : undefined
  }
  const next = onlyConsumer(i)
  if (next === undefined || sites[next]!.className !== 'Add') return next === undefined ? undefined : { last: next, covered: [next] }
  const { inputs } = sites[next]!
  const residual = values[inputs.find((input) => input !== i)!]
  const last = onlyConsumer(next)
  return inputs.length === 2 && residual && last !== undefined ? { last, covered: [next, last], residual } : undefined
}

/** A layer in training that is aware of int8: normalisations are taken in, ensembles have become their base. */
function settled(build: Build, site: Site, inputs: readonly Value[]): Value | undefined {
  if (site.className === 'BatchNormalization') return inputs[0]!
  return site.className === 'Ensemble' ? activate(build, site.layer.name, inputs[0]!, baseOf(site.layer)) : undefined
}

/** The tensor that a layer ends in, without a softmax of its own: the step works on logits. */
const placeOf = ({ layer }: Site): string => (nameOf(layer) === 'softmax' ? `${layer.name}/linear` : layer.name)

function chain(build: Build, sites: readonly Site[], images: Region): Value {
  const { fake } = build.options
  const values: Value[] = []
  for (const [i, site] of sites.entries()) {
    if (values[i]) continue
    const inputs = site.inputs.map((input) => values[input]!)
    if (site.className === 'InputLayer') {
      const floats = site.shape.reduce((a, b) => a * b, 1)
      values[i] = { name: site.layer.name, shape: site.shape, floats, region: images, learns: false, gradient: undefined }
    } else {
      const fused = site.className === 'BatchNormalization' && !fake ? behind(sites, values, i) : undefined
      const activation = fused && activationOf(sites[fused.last]!, (s) => build.stateOf(s))
      if (activation) {
        const value = normalise(build, site.layer, sites[fused.last]!.layer.name, inputs[0]!, activation, fused.residual)
        for (const at of [i, ...fused.covered]) values[at] = value
      } else values[i] = (fake && settled(build, site, inputs)) ?? roomOf(site.className)!.build(build, site, inputs)
    }
    const steps = fake?.tensors.get(placeOf(site))
    if (steps) values[i] = fakeValue(build, site.layer.name, values[i]!, steps)
    build.plan.mark(values[i]!.name, values[i]!.region, values[i]!.floats * build.plan.batch)
  }
  return values[sites.length - 1]!
}

/** `sites` as `topology` gives them, each of a class that has a room. */
export function compile(all: readonly Site[], model: LayersModel, options: StepOptions): Compiled {
  const sites = withoutSoftmax(all)
  const { batchSize } = options
  const classes = sites.at(-1)!.shape.at(-1)!
  const rows = sites.at(-1)!.shape.reduce((a, b) => a * b, 1) / classes
  const floatsPerImage = sites[0]!.shape.reduce((a, b) => a * b, 1)
  const parameters = new Parameters(model, options.optimiser)
  const states = new Map<Site, Region>()
  const absorbed = options.fake ? layersAbsorbed(sites) : new Map<Layer, Layer>()
  const plans = { train: new Plan(batchSize), predict: new Plan(batchSize) }
  const scratch = Array.from({ length: plans.train.parts }, (_, part) => region(`scratch ${part}`, 4, true))
  const images = region('images', floatsPerImage * batchSize, true)
  const logits = region('logits', rows * classes * batchSize, true)
  const knobs: Knobs = {
    rates: region('rates', 4, true),
    share: region('share', 4, true),
    labels: region('labels', rows * batchSize, true),
    losses: region('losses', 4 * plans.train.parts, true),
  }
  const staged = (['train', 'predict'] as const).map((mode) => {
    const plan = plans[mode]
    const build = new Build(plan, mode, options, parameters, knobs, scratch, states, absorbed)
    const output = chain(build, sites, images)
    if (mode === 'predict') {
      const bytes = output.floats * 4
      plan.images({
        bytesPerImage: bytes,
        emit: (from, to) => [
          call(
            'copyRows',
            { region: output.region, offset: from * bytes },
            bytes,
            { region: logits, offset: from * bytes },
            bytes,
            bytes,
            to - from,
          ),
        ],
      })
    } else lose(build, output, rows, classes)
    return plan.stages()
  })
  const [train, predict] = staged as [(typeof staged)[number], (typeof staged)[number]]
  const kept = [...Object.values(knobs), ...states.values(), images, logits, ...scratch, ...parameters.regions()]
  const bytes = layOut(
    kept,
    staged.map(({ stages }) => ({ stages, pinned: [] })),
    1024,
  )
  return {
    train: resolve(train.stages),
    predict: resolve(predict.stages),
    lossStage: train.lossStage,
    marks: train.marks,
    parameters,
    states,
    knobs,
    images,
    logits,
    floatsPerImage,
    rows,
    classes,
    bytes: bytes + 64,
  }
}

const layersAbsorbed = (sites: readonly Site[]): ReadonlyMap<Layer, Layer> =>
  new Map(Array.from(absorbedOf(sites), ([linear, norm]) => [sites[linear]!.layer, sites[norm]!.layer]))

/** The fused softmax and cross-entropy, and everything behind it in reverse. */
function lose(build: Build, output: Value, rows: number, classes: number): void {
  const { plan, knobs, options } = build
  const gradient = region('logits gradient', output.floats * plan.batch)
  plan.images({
    bytesPerImage: 8 * output.floats,
    begin: (part) => [call('fillZero', { region: knobs.losses, offset: part * 16 }, 16)],
    emit: (from, to, part) => [
      call(
        'crossEntropy',
        output.region,
        knobs.labels,
        gradient,
        knobs.share,
        options.labelSmoothing,
        classes,
        { region: knobs.losses, offset: part * 16 },
        from * rows,
        to * rows,
      ),
    ],
  })
  plan.endOfLoss()
  build.give(output, gradient)
  build.goBack()
}
