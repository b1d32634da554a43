/** `peapod deploy`: every stage in order, from what the run folder already holds. */
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { loadProject } from '../config/load.ts'
import type { Project } from '../config/schema.ts'
import { UserError } from '../errors.ts'
import { deploy as runPipeline, stageNames } from '../pipeline.ts'
import { text } from '../report/writers/text.ts'
import { readPrivateKey } from '../runs/signature.ts'
import { loadTarget } from '../target/profiles/load.ts'
import { type CommandDef, json } from './define.ts'
import { progressTo } from './progress.ts'

export type ProjectOptions = {
  config?: string
  data?: string
  runner?: string[]
  out?: string
  set: string[]
  threads?: string
  init?: string
  backend?: string
  profile?: true
  verbose?: true
  skipCorrupt?: true
}

/** The options that every command takes which works from a project file. */
export const withProjectOptions = (command: Command): Command =>
  command
    .option('--config <file>', 'the project file; peapod.json in this folder when it is there')
    .option('--data <source>', 'a data folder, or roadsigns')
    .option('--skip-corrupt', 'leave out image files that cannot be read; they are named and counted')
    .option('--out <dir>', 'the run folder; by default runs/TARGET-DATA')
    .option('--init <weights>', 'begin the training with them: a run folder, a tfjs layers model, a Keras .h5 or .keras')
    .option('--set <path=value>', 'change a key of the project file, such as train.epochs=3', collect, [])
    .option('--threads <n>', 'worker threads; by default all cores')
    .option('--backend <name>', 'what trains: auto, wasm, tensorflow or eager (see `peapod doctor`)')
    .option('--profile', 'print what each kernel of the training took; it then runs on one thread, to the same bytes')
    .option('--verbose', 'say which backend trained, and which kernels fell back to stock ones')

const more = (value: string, before: string[] | undefined) => [...(before ?? []), value]
const collect = (value: string, before: string[]) => [...before, value]

export async function projectOf({ config, data, runner, threads, init, backend, skipCorrupt, set }: ProjectOptions): Promise<Project> {
  const words = [
    ...(data === undefined ? [] : [`data.source=${JSON.stringify(data)}`]),
    ...(skipCorrupt ? ['data.skipCorrupt=true'] : []),
    ...(init === undefined ? [] : [`train.init=${JSON.stringify(init)}`]),
    ...(runner === undefined ? [] : [`runner=${JSON.stringify(runner.length > 1 ? runner : runner[0])}`]),
    ...(threads === undefined ? [] : [`train.threads=${threads}`]),
    ...(backend === undefined ? [] : [`train.backend=${JSON.stringify(backend)}`]),
  ]
  return loadProject(config, [...set, ...words])
}

export const runFolderOf = (out: string | undefined, target: string, { data }: Project): string =>
  out ?? join('runs', `${target}-${basename(data.source)}`)

type DeployWords = ProjectOptions & { target?: string; from?: string; until?: string; sign?: string; force?: true; json?: true }

export const deploy: CommandDef = (program, io) =>
  withProjectOptions(
    program
      .command('deploy')
      .description('train, quantise, check, simulate, execute, verify and judge; exit code 1 when a gate fails')
      .option('--target <name>', 'a target of `peapod targets`, or the path of a profile; by default the project file’s first')
      .option('--runner <uri>', 'where the file also runs, such as litert: (see `peapod doctor`); again for more, side by side', more),
  )
    .option('--from <stage>', `redo this stage and what follows: ${stageNames.join(', ')}`)
    .option('--until <stage>', 'stop after this stage')
    .option('--force', 'redo every stage, whatever the folder holds')
    .option('--sign <key>', 'sign manifest.json with an ed25519 private key (PEM); `peapod verify-manifest` checks it')
    .option('--json', 'print the report as JSON')
    .action(async ({ target: name, from, until, force, sign, json: asJson, ...options }: DeployWords) => {
      if (force && from !== undefined)
        throw new UserError('bad-option', '--force redoes every stage; --from names the first to redo', { expected: 'one of them' })
      const signingKey = sign === undefined ? undefined : await readPrivateKey(sign)
      const project = await projectOf(options)
      const target = loadTarget(name ?? project.targets[0]!)
      const out = runFolderOf(options.out, target.name, project)
      const { report } = await runPipeline({
        project,
        target,
        out,
        ...(from && { from }),
        ...(until && { until }),
        ...(force && { force }),
        ...(signingKey && { signingKey }),
        threads: project.train.threads ?? availableParallelism(),
        profile: options.profile ?? false,
        verbose: options.verbose ?? false,
        progress: progressTo(io),
        signal: io.signal,
      })
      if (!report) return io.out(`stopped after ${until}; what is done is in ${out}\n`)
      io.out(asJson ? json(report) : `\n${text.write(report)}\n${join(out, report.model.file)}\n`)
      io.exit(report.verdict.exitCode)
    })
