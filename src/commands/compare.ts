/** `peapod compare A B…`: what moved between runs, by more than noise or not; exit code 1 with `--strict` when something is worse. */
import { exitCodes, UserError } from '../errors.ts'
import { type Comparison, compare as compareSnapshots } from '../report/compare/compare.ts'
import { type Snapshot, snapshotOf } from '../report/compare/snapshot.ts'
import { comparisonText } from '../report/compare/text.ts'
import { readBaseline } from '../runs/baseline-file.ts'
import { readReport } from '../runs/read-report.ts'
import { type CommandDef, json } from './define.ts'

type Options = { baseline: string; target?: string; anyway?: true; strict?: true; json?: true }

/** Either how to read it for a target, or which target it is of. */
type Side = { readonly name: string; readonly of: (target: string | undefined) => Snapshot; readonly target?: string }

export const compare: CommandDef = (program, io) =>
  program
    .command('compare')
    .description('say what moved between runs: each is held against the first')
    .argument('<runs...>', 'run folders, reports, baseline files, or the word baseline')
    .option('--baseline <file>', 'which file the word baseline means', 'baseline.json')
    .option('--target <name>', 'which of a baseline’s targets, where all sides are baselines')
    .option('--anyway', 'compare what is not comparable: other data, another target, another model of estimate')
    .option('--strict', 'exit code 1 when a metric is worse by more than noise')
    .option('--json', 'print the comparisons as JSON')
    .action(async (names: string[], options: Options) => {
      if (names.length < 2)
        throw new UserError('missing-argument', 'compare needs two runs or more', {
          found: names.join(' '),
          expected: 'peapod compare A B',
        })
      const sides = await Promise.all(names.map((name) => sideOf(name, options)))
      const target = options.target ?? sides.find((side) => side.target)?.target
      const [first, ...others] = sides.map((side) => ({ name: side.name, snapshot: side.of(target) }))
      const compared = others.map((other) => ({ name: other.name, comparison: compareSnapshots(first!.snapshot, other.snapshot) }))
      if (!options.anyway) for (const { name, comparison } of compared) refuse(first!.name, name, comparison)
      if (options.json)
        io.out(json(compared.map(({ name, comparison }) => ({ before: first!.name, after: name, ...withoutSnapshots(comparison) }))))
      else io.out(compared.map(({ name, comparison }) => comparisonText(comparison, first!.name, name)).join('\n'))
      if (options.strict && compared.some(({ comparison }) => ['worse', 'mixed'].includes(comparison.outcome))) io.exit(exitCodes.gate)
    })

async function sideOf(name: string, { baseline: file }: Options): Promise<Side> {
  if (name === 'baseline') {
    const baseline = await readBaseline(file)
    if (!baseline)
      throw new UserError('no-baseline', `there is no ${file}`, {
        hint: 'peapod baseline RUN writes one.',
        expected: 'a baseline, see --baseline',
      })
    return { name: `baseline (${file})`, of: (target) => entryOf(baseline.targets, target, file) }
  }
  const read = await readReport(name)
  if ('baseline' in read) return { name, of: (target) => entryOf(read.baseline.targets, target, name) }
  return { name, of: () => snapshotOf(read.report), target: read.report.target }
}

function entryOf(targets: Readonly<Record<string, Snapshot>>, target: string | undefined, file: string): Snapshot {
  const names = Object.keys(targets)
  const name = target ?? (names.length === 1 ? names[0]! : undefined)
  if (name !== undefined && Object.hasOwn(targets, name)) return targets[name]!
  throw new UserError('not-in-baseline', name === undefined ? `${file} has several targets` : `${file} has nothing of ${name}`, {
    expected: names.join(', ') || 'a target',
    hint: name === undefined ? 'Say which with --target.' : 'peapod baseline RUN adds it.',
  })
}

function refuse(before: string, after: string, { obstacles }: Comparison): void {
  if (!obstacles.length) return
  throw new UserError(
    'not-comparable',
    `${after} does not compare with ${before}: another ${obstacles.map((o) => o.what).join(', another ')}`,
    {
      found: obstacles.map((o) => `${o.what}: ${o.before} and ${o.after}`).join('\n'),
      hint: 'Figures of different kinds say nothing of the network. --anyway shows them side by side all the same.',
    },
  )
}

const withoutSnapshots = ({ before: _, after: __, ...rest }: Comparison) => rest
