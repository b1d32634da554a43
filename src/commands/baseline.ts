/** `peapod baseline RUN…`: writes the figures that gates and `compare` hold later runs against, and says what moved. */
import { UserError } from '../errors.ts'
import { withSnapshot } from '../report/compare/baseline.ts'
import { compare } from '../report/compare/compare.ts'
import { snapshotOf } from '../report/compare/snapshot.ts'
import { comparisonText } from '../report/compare/text.ts'
import { readBaseline, writeBaseline } from '../runs/baseline-file.ts'
import { readReport } from '../runs/read-report.ts'
import { type CommandDef, json } from './define.ts'

type Options = { file: string; dryRun?: true; json?: true }

export const baseline: CommandDef = (program, io) =>
  program
    .command('baseline')
    .description('renew the committed baseline from runs, one a target, and say what moved')
    .argument('<runs...>', 'run folders or reports')
    .option('--file <file>', 'the baseline', 'baseline.json')
    .option('--dry-run', 'say what would move, and write nothing')
    .option('--json', 'print what moved as JSON')
    .action(async (names: string[], { file, dryRun, json: asJson }: Options) => {
      const before = await readBaselineOrNone(file, io.err)
      let after = before
      const moved = []
      for (const name of names) {
        const read = await readReport(name)
        if ('baseline' in read) throw new UserError('bad-report', `${name} is a baseline already`, { expected: 'a run folder or a report' })
        const { report } = read
        if (report.verdict.outcome === 'fail') io.err(`note: ${name} fails its gates\n`)
        const snapshot = snapshotOf(report)
        const known = before && Object.hasOwn(before.targets, snapshot.target) ? before.targets[snapshot.target] : undefined
        moved.push({ run: name, target: snapshot.target, comparison: known ? compare(known, snapshot) : undefined })
        after = withSnapshot(after, snapshot)
      }
      if (!dryRun) await writeBaseline(file, after!)
      if (asJson)
        return io.out(
          json(
            moved.map(({ run, target, comparison: c }) => ({
              run,
              target,
              ...(c && { outcome: c.outcome, obstacles: c.obstacles, changes: c.changes }),
            })),
          ),
        )
      for (const { run, target, comparison } of moved)
        io.out(comparison ? comparisonText(comparison, file, run) : `${target} is new in ${file}, from ${run}\n`)
      io.out(dryRun ? `${file} is as it was\n` : `${file} is written: commit it\n`)
    })

/** A baseline of another schema is what this command replaces. */
async function readBaselineOrNone(file: string, note: (text: string) => void) {
  try {
    return await readBaseline(file)
  } catch (error) {
    if (error instanceof UserError && error.code === 'other-baseline') {
      note(`note: ${error.message} (${error.found}): it is replaced, with all of its targets\n`)
      return undefined
    }
    throw error
  }
}
