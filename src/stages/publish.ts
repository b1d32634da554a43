/** What a run puts at the top of its folder for people and machines: the model, and the report where the run went to its end. */
import { gatesOf } from '../config/load.ts'
import { mlBom } from '../evidence/ml-bom.ts'
import { modelCard } from '../evidence/model-card.ts'
import { readTflite } from '../formats/tflite/read.ts'
import { writeTflite } from '../formats/tflite/write.ts'
import type { Graph } from '../graph/ir/graph.ts'
import { asUint8 } from '../quantise/as-uint8.ts'
import { redactAll } from '../redact.ts'
import { referenceOf } from '../report/compare/baseline.ts'
import { snapshotOf } from '../report/compare/snapshot.ts'
import type { Report } from '../report/define.ts'
import { judge } from '../report/judge.ts'
import { machineOf } from '../report/machine.ts'
import * as writers from '../report/writers/index.ts'
import { readBaseline } from '../runs/baseline-file.ts'
import { sha256 } from '../runs/files.ts'
import type { Files, RunFolder } from '../runs/folder.ts'
import { readReproduction } from '../runs/reproduction.ts'
import { peapodPackages } from '../runs/tools.ts'
import { version } from '../version.ts'
import type { State } from './define.ts'
import { handoverAsFiles, handoverFiles } from './handover.ts'
import { provenanceOf } from './provenance.ts'
import { quantisationLines } from './quantisation.ts'

/** The forms of a report take a second to draw: they are kept as a stage's files are, by what they say. */
const stage = 'report'

/** Every file that a run may have at its top, other than its manifest and lock. */
export const publishedFiles: readonly string[] = [
  ...['config.json', 'target.json', 'model.tflite', 'model.uint8.tflite', 'compiled.tflite', 'model-card.md', 'bom.cdx.json'],
  ...handoverFiles,
  ...Object.values(writers).map((w) => w.file),
]

export async function publish(
  state: Partial<State>,
  run: Pick<RunFolder, 'recall' | 'keep' | 'read'>,
): Promise<{ readonly files: Files; readonly report?: Report }> {
  const { $schema: _, abstract: __, extends: ___, ...profile } = state.target!
  const config = {
    'config.json': `${JSON.stringify(redactAll(state.project), null, 2)}\n`,
    'target.json': `${JSON.stringify(profile, null, 2)}\n`,
  }
  const compiled = state.compiled?.bytes ? { 'compiled.tflite': state.compiled.bytes } : {}
  const model = {
    ...(state.model && { 'model.tflite': state.model.bytes, ...uint8Of(state.model.bytes, state.target!) }),
    ...compiled,
    ...handedOver(state),
  }
  if (!isComplete(state)) return { files: { ...config, ...model } }
  const report = await reportOf(state, await readReproduction(run, state.model.sha256))
  const forms = Object.values(writers)
  const { pictures } = state.executed
  const key = sha256(
    JSON.stringify({ report, forms: forms.map((w) => w.file), pictures: pictures.map((png) => sha256(png)), peapod: version }),
  )
  const kept = await run.recall(stage, key)
  const written = kept ?? Object.fromEntries(await Promise.all(forms.map(async (w) => [w.file, await w.write(report, pictures)] as const)))
  if (!kept) await run.keep(stage, key, written)
  const provenance = provenanceOf(state)
  const documents = {
    'model-card.md': modelCard(report, provenance, state.project),
    'bom.cdx.json': mlBom(report, provenance, state.project, await peapodPackages()),
  }
  return { files: { ...config, ...model, ...written, ...documents }, report }
}

/** For a machine whose fast path is uint8, the same steps in that form. */
const uint8Of = (bytes: Uint8Array, { quantisation }: State['target']): Files =>
  quantisation?.type === 'uint8'
    ? { 'model.uint8.tflite': writeTflite(asUint8(readTflite(bytes) as Graph<'quantised'>), { description: `Peapod ${version}` }) }
    : {}

const handedOver = ({ model, target, data }: Partial<State>): Files =>
  model?.handover ? handoverAsFiles(model.handover, target!, data!.preprocess) : {}

const isComplete = (state: Partial<State>): state is State => state.runs !== undefined

async function reportOf(state: State, reproduction: Report['reproduction']): Promise<Report> {
  const { project, target, data, trained, model, check, estimate, memory, compiled, executed, runs } = state
  const { set } = data
  const { bytes, sha256: digest, operators, parameters, differences, layerErrors } = model
  const { epochs: curve, ...history } = trained.history
  const machine = machineOf(target)
  const facts = {
    schemaVersion: '1' as const,
    peapod: version,
    target: target.name,
    network: project.name ?? project.network.use,
    data: {
      name: set.name,
      classes: set.classes,
      digests: Object.fromEntries(Object.entries(set.splits).map(([k, s]) => [k, s.digest])),
      ...(set.skipped && { skipped: set.skipped.length }),
    },
    seed: project.seed,
    model: { file: 'model.tflite', sha256: digest, bytes: bytes.length, operators, parameters },
    training: { ...history, epochs: curve.length, curve },
    stages: differences,
    layerErrors,
    quantisation: quantisationLines(model.quantisation),
    float: trained.float,
    int8: { ...executed.int8, ...(target.artefact === 'float-model' && { emulated: true }) },
    noise: executed.noise,
    worst: executed.worst,
    check,
    estimate,
    memory,
    ...(machine && { machine }),
    compiled: compiled.outcome,
    runs,
    ...(reproduction && { reproduction }),
  }
  const gates = gatesOf(project, set.splits.test.mask !== undefined)
  const relative = gates.some(({ worseBy }) => worseBy !== undefined)
  const baseline = relative ? referenceOf(await readBaseline(project.baseline), snapshotOf(facts), project.baseline) : undefined
  return { ...facts, verdict: judge(facts, gates, baseline) }
}
