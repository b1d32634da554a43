/** What a run puts at the top of its folder for people and machines: the model, and the report where the run went to its end. */
import { gatesOf } from '../config/load.ts'
import type { Report } from '../report/define.ts'
import { judge } from '../report/judge.ts'
import * as writers from '../report/writers/index.ts'
import type { Files } from '../runs/folder.ts'
import { version } from '../version.ts'
import type { State } from './define.ts'

export function publish(state: Partial<State>): { readonly files: Files; readonly report?: Report } {
  const config = { 'config.json': `${JSON.stringify(state.project, null, 2)}\n` }
  const compiled = state.compiled?.bytes ? { 'compiled.tflite': state.compiled.bytes } : {}
  const model = { ...(state.model && { 'model.tflite': state.model.bytes }), ...compiled }
  if (!isComplete(state)) return { files: { ...config, ...model } }
  const report = reportOf(state)
  const written = Object.fromEntries(Object.values(writers).map((w) => [w.file, w.write(report)]))
  return { files: { ...config, ...model, ...written }, report }
}

const isComplete = (state: Partial<State>): state is State => state.runs !== undefined

function reportOf({ project, target, data, trained, model, check, estimate, compiled, executed, runs }: State): Report {
  const { set } = data
  const { bytes, sha256, operators, parameters, differences } = model
  const facts = {
    schemaVersion: '1' as const,
    peapod: version,
    target: target.name,
    network: project.name ?? project.network.use,
    data: { name: set.name, classes: set.classes, digests: Object.fromEntries(Object.entries(set.splits).map(([k, s]) => [k, s.digest])) },
    seed: project.seed,
    model: { file: 'model.tflite', sha256, bytes: bytes.length, operators, parameters },
    training: { ...trained.history, epochs: trained.history.epochs.length },
    stages: differences,
    float: trained.float,
    int8: executed.int8,
    check,
    estimate,
    compiled: compiled.outcome,
    runs,
  }
  return { ...facts, verdict: judge(facts, gatesOf(project)) }
}
