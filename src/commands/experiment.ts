/** `peapod experiment FILE`: a grid of trainings, resumed, sharded, merged, and its tables. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type Cell, cellsOf } from '../config/cells.ts'
import { loadExperiment, presetNames } from '../config/load-experiment.ts'
import { UserError } from '../errors.ts'
import { cellsCsv, rowsCsv } from '../report/experiment/csv.ts'
import type { CellResult, ExperimentReport } from '../report/experiment/define.ts'
import { markdown } from '../report/experiment/markdown.ts'
import { summarise } from '../report/experiment/summarise.ts'
import { variantWords } from '../report/experiment/variant-words.ts'
import { percent } from '../report/writers/words.ts'
import { writeWhole } from '../runs/files.ts'
import { loadTarget } from '../target/profiles/load.ts'
import { version } from '../version.ts'
import { type CommandDef, json } from './define.ts'
import { progressTo } from './progress.ts'
import { findCell, runCell } from './run-cell.ts'
import { partOf, shardOf } from './shard.ts'

type Options = {
  out?: string
  data?: string
  shard?: string
  merge?: string[]
  partial?: true
  list?: true
  json?: true
  threads?: string
  set: string[]
}

export const experiment: CommandDef = (program, io) =>
  program
    .command('experiment')
    .description('train a grid of networks, ensembles, activations, transition ends and seeds; print the tables; done cells are kept')
    .argument('<file>', `an experiment file, or one of the paper’s: ${presetNames.join(', ')}`)
    .option('--data <source>', 'a data folder, or roadsigns')
    .option('--out <dir>', 'where the cells’ run folders are; by default runs/NAME')
    .option('--shard <i/n>', 'only every n-th cell: for a CI matrix, a job array')
    .option('--merge [dirs...]', 'train nothing: make the tables from the cells in --out and in these folders')
    .option('--partial', 'make the tables from the seeds whose every cell is done, and say what is missing')
    .option('--list', 'train nothing: list the cells, and which are done')
    .option('--set <path=value>', 'change a key of the experiment, such as project.train.epochs=3', (v, all: string[]) => [...all, v], [])
    .option('--threads <n>', 'worker threads; by default all cores')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: Options) => {
      const words = [
        ...(options.data === undefined ? [] : [`project.data.source=${JSON.stringify(options.data)}`]),
        ...(options.threads === undefined ? [] : [`project.train.threads=${options.threads}`]),
      ]
      const plan = await loadExperiment(file, [...options.set, ...words])
      const cells = cellsOf(plan)
      const target = loadTarget(plan.project.targets[0]!)
      const out = options.out ?? join('runs', plan.name)
      const folders = [out, ...(Array.isArray(options.merge) ? options.merge : [])]
      const shard = options.shard === undefined ? undefined : shardOf(options.shard)
      const mine = shard ? partOf(cells, shard) : cells
      const found = (cell: Cell) => findCell(cell, folders)
      if (options.list) {
        const lines = await Promise.all(mine.map(async (cell) => ({ cell: cell.folder, done: (await found(cell)) !== undefined })))
        return io.out(options.json ? json(lines) : lines.map(({ cell, done }) => `${done ? 'done' : 'to do'}  ${cell}\n`).join(''))
      }
      const progress = progressTo(io)
      const threads = plan.project.train.threads ?? availableParallelism()
      for (const [i, cell] of (options.merge ? [] : mine).entries()) {
        const kept = await found(cell)
        progress.stage(`cell ${i + 1}/${mine.length}`, kept ? `${cell.folder} (kept)` : cell.folder)
        const result = kept ?? (await runCell(cell, { out, target, threads, progress, signal: io.signal }))
        progress.note(`${variantWords(result)}: ${figures(result)}`)
      }
      const results = await Promise.all(cells.map(found))
      const missing = cells.filter((_, i) => !results[i])
      if (missing.length && !options.merge && !options.partial)
        return io.out(
          `${cells.length - missing.length} of ${cells.length} cells are done; the tables come with the last one, or with --merge\n`,
        )
      const late = new Set(missing.map(({ seed }) => seed))
      const whole = cells.flatMap((cell, i) => (late.has(cell.seed) ? [] : { cell, result: results[i]! }))
      if (missing.length && !(options.partial && whole.length)) throw incomplete(missing, cells.length, options.partial)
      requireOneData(whole)
      const report = summarise(
        {
          ...{ name: plan.name, says: plan.says, peapod: version },
          ...(missing.length && { missing: { cells: missing.length, of: cells.length, seeds: [...late] } }),
        },
        whole.map(({ result }) => result),
      )
      await writeTables(report, out)
      io.out(options.json ? json(report) : markdown.write(report))
    })

const figures = ({ float, int8, failure }: CellResult): string =>
  failure ?? `float ${float === null ? '–' : percent(float)}, int8 ${int8 === null ? '–' : percent(int8)}`

async function writeTables(report: ExperimentReport, out: string): Promise<void> {
  for (const { file, write } of [markdown, rowsCsv, cellsCsv]) await writeWhole(join(out, file), write(report))
  await writeWhole(join(out, 'experiment.json'), json(report))
}

const incomplete = (missing: readonly Cell[], all: number, partial: true | undefined) =>
  new UserError(
    'experiment-incomplete',
    `${missing.length} of ${all} cells are not done${partial ? ', and no seed has all of its own' : ''}`,
    {
      found: `nothing of ${missing
        .slice(0, 4)
        .map(({ folder }) => folder)
        .join(', ')}${missing.length > 4 ? ', …' : ''}`,
      expected: 'the result of every cell, made with these settings and this version of Peapod',
      hint: `Run the shards that are missing, and give their folders to --merge${partial ? '.' : '; --partial takes the seeds that are complete.'}`,
    },
  )

/** Accuracies on different images are not differences between trainings. */
function requireOneData(done: readonly { readonly cell: Cell; readonly result: CellResult }[]): void {
  const digest = ({ data }: CellResult) => JSON.stringify(Object.entries(data).sort())
  const [first] = done
  const other = done.find(({ result }) => digest(result) !== digest(first!.result))
  if (!other) return
  throw new UserError('mixed-data', 'the cells were not trained on the same data', {
    found: `${first!.cell.folder} and ${other.cell.folder} differ`,
    expected: 'the same images and labels in every cell',
    hint: 'Remove the folders of the cells on the old data, and run the experiment again.',
  })
}
