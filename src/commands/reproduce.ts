/** `peapod reproduce RUN`: builds the model of a run again, from its settings alone, and compares the bytes. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadProject } from '../config/load.ts'
import { exitCodes, UserError } from '../errors.ts'
import { deploy } from '../pipeline.ts'
import type { Reproduction } from '../report/define.ts'
import { readIfThere, sha256, writeWhole } from '../runs/files.ts'
import { type Manifest, readManifest } from '../runs/manifest.ts'
import { reproductionName, reproductionText } from '../runs/reproduction.ts'
import { readTools } from '../runs/tools.ts'
import { loadTarget } from '../target/profiles/load.ts'
import { version } from '../version.ts'
import { type CommandDef, json } from './define.ts'
import { progressTo } from './progress.ts'

/** In the order in which a difference would arise. */
const trail = ['data/data.json', 'data/preprocess.json', 'train/weights.bin', 'quantise/calibration.json', 'quantise/model.tflite']

export const reproduce: CommandDef = (program, io) =>
  program
    .command('reproduce')
    .description('build the .tflite of a run again in a scratch folder and compare the bytes: exit code 0 the same, 1 different')
    .argument('<run>', 'a run folder')
    .option('--data <source>', 'the data, where it lies elsewhere than it did')
    .option('--out <dir>', 'keep the scratch folder here')
    .option('--threads <n>', 'worker threads; by default all cores')
    .option('--json', 'print as JSON')
    .action(async (folder: string, options: { data?: string; out?: string; threads?: string; json?: true }) => {
      const model = await modelOf(folder)
      const project = await loadProject(await configOf(folder), [
        'runner=simulator:',
        'compiler=none',
        ...(options.data === undefined ? [] : [`data.source=${JSON.stringify(options.data)}`]),
        ...(options.threads === undefined ? [] : [`train.threads=${options.threads}`]),
      ])
      const before = await readManifest(folder).then(
        ({ manifest }) => manifest,
        () => undefined,
      )
      for (const line of before ? otherTools(before) : []) io.err(`${line}\n`)
      const scratch = options.out ?? (await mkdtemp(join(tmpdir(), 'peapod-reproduce-')))
      try {
        const again = await deploy({
          project: { ...project, gates: {} },
          target: loadTarget(await targetOf(folder, before)),
          out: scratch,
          until: 'quantise',
          force: true,
          threads: project.train.threads ?? availableParallelism(),
          progress: progressTo(io),
          signal: io.signal,
        })
        const { sha256: digest, bytes } = again.model!
        const same = Buffer.compare(model, bytes) === 0
        const differs = same || !before ? undefined : await firstDifference(before, scratch)
        const result = { run: folder, same, sha256: sha256(model), again: digest, bytes: model.length, bytesAgain: bytes.length }
        if (options.json) io.out(json({ ...result, firstDifference: differs ?? null }))
        else if (same) io.out(`the same ${bytes.length} bytes, SHA-256 ${digest}\n`)
        else {
          io.out(`different: ${model.length} bytes, SHA-256 ${result.sha256}; again ${bytes.length} bytes, SHA-256 ${digest}\n`)
          if (differs) io.out(`the first file that differs is ${differs}\n`)
        }
        const record: Reproduction = { of: result.sha256, sha256: digest, same, ...(await surroundings()) }
        await writeWhole(join(folder, reproductionName), reproductionText(record))
        if (!same) io.exit(exitCodes.gate)
      } finally {
        if (options.out === undefined) await rm(scratch, { recursive: true, force: true })
      }
    })

async function surroundings(): Promise<Pick<Reproduction, 'peapod' | 'node' | 'cpu' | 'at'>> {
  const { peapod, node, machine } = await readTools()
  return { peapod, node, cpu: machine.cpu, at: new Date().toISOString() }
}

async function modelOf(folder: string): Promise<Uint8Array> {
  const bytes = await readIfThere(join(folder, 'model.tflite'))
  if (bytes) return bytes
  throw new UserError('no-run', `${folder} has no model.tflite`, {
    expected: 'a run folder whose run came to quantise',
    hint: 'peapod runs lists the folders.',
  })
}

async function configOf(folder: string): Promise<string> {
  const path = join(folder, 'config.json')
  if (await readIfThere(path)) return path
  throw new UserError('no-run', `${folder} has no config.json`, { expected: 'a run folder of peapod deploy' })
}

/** The profile as it was, or where an earlier Peapod did not keep it the name of a target of today. */
async function targetOf(folder: string, before: Manifest | undefined): Promise<string> {
  const path = join(folder, 'target.json')
  if (await readIfThere(path)) return path
  const report = await readIfThere(join(folder, 'report.json'))
  const name = before?.target ?? (report && (JSON.parse(Buffer.from(report).toString()) as { target?: string }).target)
  if (name) return name
  throw new UserError('no-run', `${folder} does not say for which target it was`, { expected: 'target.json, as peapod deploy writes it' })
}

function otherTools({ peapod, node, packages }: Manifest): string[] {
  return [
    ...(peapod === version ? [] : [`the run was made by Peapod ${peapod}, this is ${version}`]),
    ...(node === process.version ? [] : [`the run was made on Node ${node}, this is ${process.version}`]),
    ...(packages ? [] : ['the run’s manifest is of an earlier form: it does not list packages']),
  ]
}

async function firstDifference({ files }: Manifest, scratch: string): Promise<string | undefined> {
  for (const file of trail) {
    const bytes = await readFile(join(scratch, file)).catch(() => undefined)
    if (files[file] && bytes && sha256(bytes) !== files[file]) return file
  }
  return undefined
}
