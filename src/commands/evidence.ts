/** `peapod evidence RUN`: a folder for the safety case, from the facts of a run. */
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { evidenceFiles } from '../evidence/folder.ts'
import type { Report } from '../report/define.ts'
import { changeText, findChanges } from '../runs/changes.ts'
import { readIfThere, writeWhole } from '../runs/files.ts'
import { readManifest } from '../runs/manifest.ts'
import { readReproduction } from '../runs/reproduction.ts'
import type { CommandDef } from './define.ts'

export const evidence: CommandDef = (program, io) =>
  program
    .command('evidence')
    .description(
      'write the evidence of a run for a safety case: requirements and results, the tool and its measures, the test of the model',
    )
    .argument('<run>', 'a run folder')
    .option('--out <dir>', 'where to write it; by default evidence/ in the run folder')
    .action(async (folder: string, options: { out?: string }) => {
      const { manifest } = await readManifest(folder)
      const [change, ...others] = await findChanges(folder, manifest.files)
      if (change)
        throw new UserError('run-changed', `${folder} is not what its run left: ${changeText(change)}`, {
          found: `${others.length + 1} files that changed`,
          hint: 'peapod verify-manifest names them all; peapod deploy makes them again.',
        })
      const report = await json<Report>(join(folder, 'report.json'))
      const config = await json<{ gates?: Record<string, { requirement?: string } | null> }>(join(folder, 'config.json'))
      if (!report || !config)
        throw new UserError('no-report', `${folder} has no report`, {
          expected: 'a run that went to its end',
          hint: 'Run peapod deploy without --until.',
        })
      const requirements = Object.entries(config.gates ?? {}).flatMap(([metric, gate]) =>
        gate?.requirement ? [[metric, gate.requirement]] : [],
      )
      const reproduction = await readReproduction({ read: (file) => readIfThere(join(folder, file)) }, report.model.sha256)
      const files = evidenceFiles({
        report,
        manifest,
        requirements: Object.fromEntries(requirements),
        ...(reproduction && { reproduction }),
      })
      const out = options.out ?? join(folder, 'evidence')
      for (const [name, text] of Object.entries(files)) await writeWhole(join(out, name), text)
      io.out(
        Object.keys(files)
          .map((name) => `${join(out, name)}\n`)
          .join(''),
      )
    })

async function json<T>(path: string): Promise<T | undefined> {
  const bytes = await readIfThere(path)
  return bytes && (JSON.parse(Buffer.from(bytes).toString()) as T)
}
