/** What a run's state says of where its model comes from. */
import type { Provenance } from '../runs/manifest.ts'
import type { State } from './define.ts'

export function provenanceOf({
  project,
  target,
  data,
  model,
  compiled,
  runs,
}: Partial<State> & Pick<State, 'project' | 'target'>): Provenance {
  const outcome = compiled?.outcome
  return {
    target: target.name,
    seed: project.seed,
    network: project.name ?? project.network.use,
    ...(data && { data: dataOf(data) }),
    ...(model && {
      calibration: { count: model.calibration.indices.length, sha256: model.calibration.sha256, alsoIn: model.calibration.alsoIn },
    }),
    ...(outcome && 'compiler' in outcome && { compiler: `${outcome.compiler} ${outcome.version}` }),
    ...(runs && { runners: Object.fromEntries(runs.flatMap(({ runner, measurement: m }) => (m ? [[runner, m.description.facts]] : []))) }),
  }
}

function dataOf({ set, leaks: { examples: _, ...shared } }: State['data']): NonNullable<Provenance['data']> {
  const splits = Object.fromEntries(Object.entries(set.splits).map(([name, { count, digest }]) => [name, { count, sha256: digest }]))
  return { name: set.name, splits, shared }
}
