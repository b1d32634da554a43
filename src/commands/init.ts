/** `peapod init`: the project file, a network and a pipeline file to start from; `peapod init target`: a profile. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { parseProject, projectFileName } from '../config/load.ts'
import { UserError } from '../errors.ts'
import { writeWhole } from '../runs/files.ts'
import { isModule } from '../stages/network.ts'
import { loadTarget } from '../target/profiles/load.ts'
import { findNetwork } from '../training/networks/build-network.ts'
import type { CiFile } from './ci/define.ts'
import * as systems from './ci/index.ts'
import type { CommandDef, Io } from './define.ts'
import { initTarget } from './init-target.ts'
import { refuseExisting } from './refuse-existing.ts'
import { starterNetwork } from './starter-network.ts'

type Answers = { data?: string; network?: string; target?: string[]; ci?: string; device?: string; deviceTag?: string }
type Options = Answers & { dir: string; yes?: true; force?: true }

const names = Object.values(systems).map((s) => s.name)
const usual = { data: 'roadsigns', network: 'mobilenet-v1', target: ['ethos-u55-128'], deviceTag: 'peapod-device' }

export const init: CommandDef = (program, io) => {
  const command = program.command('init').description('write a project file, a network and a CI pipeline to start from')
  command
    .option('--data <source>', `a data folder, or roadsigns (default: ${usual.data})`)
    .option('--network <use>', `a network of Peapod, or the path of a module, written where it is missing (default: ${usual.network})`)
    .option('--target <name...>', `targets of \`peapod targets\`, or paths of profiles (default: ${usual.target})`)
    .option('--ci <system>', `also a pipeline file: ${names.join(', ')}`)
    .option('--device <uri>', 'a runner, such as serial:/dev/ttyACM0, on a machine of its own in the pipeline')
    .option('--device-tag <tag>', `the tag of that machine (default: ${usual.deviceTag})`)
    .option('--dir <dir>', 'where to write', '.')
    .option('--yes', 'ask nothing')
    .option('--force', 'overwrite files that are there')
    .action((options: Options) => run(options, command, io))
  initTarget(command, io)
  return command
}

async function run(options: Options, command: Command, io: Io): Promise<void> {
  const given = (['data', 'network', 'target', 'ci', 'device'] as const).some((key) => command.getOptionValueSource(key) !== undefined)
  const answers = io.ask && !given && !options.yes ? await ask(io.ask) : options
  const files = filesFor({ ...usual, ...defined(answers) }, options.dir)
  const paths = Object.keys(files).map((name) => join(options.dir, name))
  if (!options.force) refuseExisting(paths)
  for (const [name, text] of Object.entries(files)) await writeWhole(join(options.dir, name), text)
  io.out(paths.map((path) => `${path}\n`).join(''))
  io.err('Now: npx peapod deploy\n')
}

const defined = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T

async function ask(question: NonNullable<Io['ask']>): Promise<Answers> {
  const or = async (says: string, fallback: string) => (await question(`${says} [${fallback}] `)).trim() || fallback
  const data = await or('Data: a folder, or roadsigns', usual.data)
  const network = await or('Network: its name, or the path of a module', usual.network)
  const target = (await or('Targets, see peapod targets', usual.target.join(' '))).split(/[\s,]+/)
  const ci = await or(`CI pipeline: ${names.join(', ')}, or none`, 'none')
  if (ci === 'none') return { data, network, target }
  const device = await or('A device in the pipeline, such as serial:/dev/ttyACM0, or none', 'none')
  return { data, network, target, ci, ...(device !== 'none' && { device }) }
}

/** All is checked before anything is written. */
function filesFor({ data, network, target, ci, device, deviceTag }: Answers & typeof usual, dir: string): Record<string, string> {
  for (const name of target) loadTarget(name)
  if (!isModule(network)) findNetwork(network)
  const schema = schemaFrom(dir)
  const project = {
    ...(schema && { $schema: schema }),
    network: { use: network },
    data: { source: data },
    targets: target,
    gates: { int8Accuracy: { atLeast: 0.85 }, accuracyDrop: { atMost: 0.01 }, latencyMs: { atMost: 10 } },
  }
  parseProject(project, projectFileName)
  const system = systemOf(ci)
  if (device !== undefined && !system)
    throw new UserError('bad-option', '--device is of a pipeline: give --ci too', { expected: names.join(', ') })
  const plan = { targets: target, install: installLine(dir), ...(device !== undefined && { device: { runner: device, tag: deviceTag } }) }
  return {
    [projectFileName]: `${JSON.stringify(project, null, 2)}\n`,
    ...(isModule(network) && !existsSync(join(dir, network)) && { [network]: starterNetwork }),
    ...(system && { [system.file]: system.write(plan) }),
  }
}

function systemOf(name: string | undefined): CiFile | undefined {
  if (name === undefined) return undefined
  const found = Object.values(systems).find((s) => s.name === name)
  if (found) return found
  throw new UserError('unknown-ci', `there is no pipeline file for ${name}`, { found: name, expected: names.join(', ') })
}

/** Where an editor finds the schema from `dir`; absent where Peapod is installed elsewhere. */
const schemaFrom = (dir: string): string | undefined =>
  ['./schemas', './node_modules/peapod/schemas'].map((at) => `${at}/project.schema.json`).find((path) => existsSync(join(dir, path)))

function installLine(dir: string): string {
  try {
    const { name } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as { name?: string }
    return name === 'peapod' ? 'make build' : 'npm ci'
  } catch {
    return 'npm ci'
  }
}
