/** `peapod runs`: the run folders, and what came of each. */
import { stageNames } from '../pipeline.ts'
import { table } from '../report/writers/text.ts'
import { bytes, percent } from '../report/writers/words.ts'
import { type Known, listRuns } from '../runs/list.ts'
import { manifestName } from '../runs/manifest.ts'
import { reproductionName } from '../runs/reproduction.ts'
import { signatureName } from '../runs/signature.ts'
import { publishedFiles } from '../stages/publish.ts'
import { type CommandDef, json } from './define.ts'

export const known: Known = {
  stages: stageNames,
  files: [...publishedFiles, manifestName, signatureName, 'lock', 'evidence', reproductionName],
}

export const runs: CommandDef = (program, io) =>
  program
    .command('runs')
    .description('list run folders: target, data, accuracy, verdict, age')
    .argument('[dir]', 'the folder that they lie in', 'runs')
    .option('--json', 'print as JSON')
    .action(async (folder: string, options: { json?: true }) => {
      const found = await listRuns(folder, known)
      if (options.json) return io.out(json(found))
      if (!found.length) return io.out(`no run folders in ${folder}\n`)
      const now = Date.now()
      const rows = found.map((run) => [
        run.path,
        run.target ?? '',
        run.data ?? '',
        run.int8MeanIou !== null ? `${percent(run.int8MeanIou)} mIoU` : run.int8Accuracy === null ? '' : percent(run.int8Accuracy),
        run.verdict ?? run.state,
        age(now - Date.parse(run.touched)),
        bytes(run.bytes),
      ])
      io.out(`${table(['run', 'target', 'data', 'int8', 'verdict', 'age', 'size'], rows).join('\n')}\n`)
    })

const units = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const

export function age(ms: number): string {
  const [unit, name] = units.find(([size]) => ms >= size) ?? [1000, 's']
  return `${Math.floor(Math.max(ms, 0) / unit)} ${name}`
}
