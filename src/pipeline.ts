/** The order of the flow, written once: read this first. */
import type { KeyObject } from 'node:crypto'
import type { Project } from './config/schema.ts'
import { UserError } from './errors.ts'
import { changedByHand, changeText } from './runs/changes.ts'
import { sha256 } from './runs/files.ts'
import { openRun, type RunFolder } from './runs/folder.ts'
import { manifestName, writeManifest } from './runs/manifest.ts'
import { signatureName, signed } from './runs/signature.ts'
import { check } from './stages/check.ts'
import { compile } from './stages/compile.ts'
import { data } from './stages/data.ts'
import type { AnyStage, Progress, State, World } from './stages/define.ts'
import { execute } from './stages/execute.ts'
import { preflight } from './stages/preflight.ts'
import { provenanceOf } from './stages/provenance.ts'
import { publish } from './stages/publish.ts'
import { quantise } from './stages/quantise.ts'
import { simulate } from './stages/simulate.ts'
import { train } from './stages/train.ts'
import { verify } from './stages/verify.ts'
import type { Target } from './target/profiles/schema.ts'
import { version } from './version.ts'

/**
 * data      the splits, and the preprocessing contract of the whole run
 * train     a LayersModel with ensembles → its weights at alpha = 1
 * quantise  import, strip, fold, calibrate, quantise, write → model.tflite
 * check     file × target → findings, placement
 * simulate  file × target → estimate
 * compile   file × the vendor's compiler, where it is installed → its own figures, the compiled file
 * execute   file × test set → int8 accuracy, bit-exact
 * verify    file × runner → latency and agreement elsewhere
 * report    everything × gates → verdict
 */
export const stages = [data, train, quantise, check, simulate, compile, execute, verify] as const
export const stageNames: readonly string[] = [...stages.map((s) => s.name), 'report']

type StageFiles = Readonly<Record<string, Uint8Array>>

export type DeployOptions = {
  readonly project: Project
  readonly target: Target
  /** The run folder; what it already holds is used. */
  readonly out: string
  /** Redo this stage and what follows, whatever the folder holds. */
  readonly from?: string
  /** Redo every stage from nothing: no checkpoint is taken up either. */
  readonly force?: boolean
  /** An ed25519 private key that signs the manifest. */
  readonly signingKey?: KeyObject
  /** Stop after this stage. */
  readonly until?: string
  readonly threads: number
  /** Print what each kernel took, where the training runs: on one thread, to the same bytes. */
  readonly profile?: boolean
  /** Say which backend trains and which kernels fell back to stock tfjs. */
  readonly verbose?: boolean
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** Runs the stages in order. Throws UserErrors; a gate that fails is a verdict in the report, not an error. */
export async function deploy(options: DeployOptions): Promise<Partial<State>> {
  const { project, target, progress, from, until } = options
  for (const name of [from, until]) if (name !== undefined && !stageNames.includes(name)) throw unknownStage(name)
  await preflight(project, target)
  const run = await openRun(options.out)
  try {
    let state: Partial<State> = { project, target }
    let chain = ''
    let redo = options.force ?? false
    for (const change of await changedByHand(run, stageNames)) progress.note(`${changeText(change)}; it is made again`)
    if (redo) for (const { name } of stages) await run.remove(scratchOf(name))
    for (const stage of stages as readonly AnyStage[]) {
      redo ||= stage.name === from
      const key = sha256(JSON.stringify({ peapod: version, stage: stage.name, key: await stage.key(state as State), chain }))
      const kept: StageFiles | undefined = redo ? undefined : await run.recall(stage.name, key)
      progress.stage(stage.name, kept ? `${stage.says} (kept in ${run.path})` : stage.says)
      redo ||= !kept
      const files: StageFiles = kept ?? (await makeStage(stage, key, state as State, run, options))
      state = { ...state, ...(await stage.load(files, state as State)) }
      chain = key
      if (stage.name === until) break
    }
    const { files, report } = await publish(state, run)
    for (const [name, content] of Object.entries(files)) await run.write(name, content)
    // One of another model or target must not stay beside this one.
    for (const name of ['compiled.tflite', 'model.uint8.tflite']) if (!(name in files)) await run.remove(name)
    await run.remove(signatureName)
    const manifest = await writeManifest(
      run,
      Object.keys(files),
      stageNames,
      { project, target },
      provenanceOf({ ...state, project, target }),
    )
    if (options.signingKey) await run.write(signatureName, signed(manifest, options.signingKey))
    return { ...state, ...(report && { report }) }
  } finally {
    progress.end()
    await run.close()
  }
}

const scratchOf = (stage: string) => `${stage}/unfinished.bin`

/** What stood in the folder before stays until the stage has made its own. */
async function makeStage(stage: AnyStage, key: string, state: State, run: RunFolder, options: DeployOptions) {
  const { progress, signal, threads, profile = false, verbose = false } = options
  const scratch = scratchOf(stage.name)
  const world: World = {
    progress,
    signal,
    threads,
    profile,
    verbose,
    scratch: { read: () => run.read(scratch), write: (bytes) => run.write(scratch, bytes) },
  }
  const made = await stage.make(state, world)
  progress.end()
  await run.remove(manifestName)
  await run.keep(stage.name, key, made)
  await run.remove(scratch)
  return Object.fromEntries(
    Object.entries(made).map(([name, content]) => [name, typeof content === 'string' ? Buffer.from(content) : content]),
  )
}

const unknownStage = (name: string) =>
  new UserError('unknown-stage', `there is no stage ${name}`, { found: name, expected: stageNames.join(', ') })
