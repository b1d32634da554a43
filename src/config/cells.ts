/** The cells of an experiment: one training each, in an order that every shard finds. */
import { basename, extname } from 'node:path'
import { UserError } from '../errors.ts'
import type { CellFacts } from '../report/experiment/define.ts'
import type { Experiment } from './experiment-schema.ts'
import { parseProject } from './load.ts'
import type { Project } from './schema.ts'

export type Cell = CellFacts & {
  /** The name of its run folder. */
  readonly folder: string
  readonly project: Project
}

type Variant = Pick<CellFacts, 'kind' | 'ensemble' | 'activation'>

/** Seeds turn slowest: an experiment that stops early has whole seeds, which is what pairs. Throws UserErrors `bad-experiment`, `bad-project`. */
export function cellsOf(experiment: Experiment): Cell[] {
  const { networks, ends, seeds } = experiment
  const named = networks.map((network) => ({ ...network, name: network.name ?? nameOf(network) }))
  const twice = named.find(({ name }, i) => named.findIndex((other) => other.name === name) < i)
  if (twice)
    throw new UserError('bad-experiment', `two networks are called ${twice.name}`, {
      found: twice.name,
      expected: 'a name of its own for each',
    })
  const variants = variantsOf(experiment)
  if (!variants.length)
    throw new UserError('bad-experiment', 'the grid has nothing to train', {
      found: 'no baseline, no ensemble with an activation, no upper limit',
      expected: 'at least one of them',
    })
  const windows = ends.length ? ends : [undefined]
  return seeds.flatMap((seed) =>
    named.flatMap((network) =>
      windows.flatMap((end) =>
        variants.map((variant) => {
          const facts: CellFacts = { network: network.name, base: network.base, ...variant, end: end ?? null, seed }
          return { ...facts, folder: folderOf(facts), project: projectOf(experiment, network, facts) }
        }),
      ),
    ),
  )
}

function nameOf({ use, options }: Experiment['networks'][number]): string {
  const settings = Object.entries(options).map(([key, value]) => `-${key}-${value}`)
  return `${basename(use, extname(use).match(/^\.m?[jt]s$/) ? extname(use) : '')}${settings.join('')}`.replaceAll(/[^\w.-]/g, '_')
}

function variantsOf({ baseline, ensembles, activations, variants, upperLimits }: Experiment): Variant[] {
  const product = ensembles.flatMap((ensemble) => activations.map((activation) => ({ ensemble, activation })))
  const single = variants.filter((one) => !product.some((p) => p.ensemble === one.ensemble && p.activation === one.activation))
  return [
    ...(baseline ? [{ kind: 'baseline', ensemble: null, activation: null } as const] : []),
    ...[...product, ...single].map((variant) => ({ kind: 'ensemble', ...variant }) as const),
    ...upperLimits.map((activation) => ({ kind: 'limit', ensemble: null, activation }) as const),
  ]
}

function folderOf({ network, base, kind, ensemble, activation, end, seed }: CellFacts): string {
  const variant = { baseline: base, ensemble: `${ensemble}-${activation}`, limit: `only-${activation}` }[kind]
  return [network, variant, ...(end === null ? [] : [`to-${end}`]), `seed-${seed}`].join('-')
}

function projectOf({ project, from }: Experiment, network: Experiment['networks'][number], facts: CellFacts): Project {
  const { kind, ensemble, activation, end, seed } = facts
  const pea = {
    ensemble: { baseline: 'none', ensemble, limit: 'smooth' }[kind],
    ...(activation && { activation }),
    base: network.base,
    ...(from !== undefined && { from }),
    ...(end !== null && { to: end }),
  }
  const { use, options } = network
  const raw = {
    ...project,
    train: { ...project.train, ...network.train },
    network: { use, options },
    name: facts.network,
    pea,
    seed,
    compiler: 'none',
  }
  return parseProject(raw, facts.network)
}
