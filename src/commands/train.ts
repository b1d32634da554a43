/** `peapod train`: the training alone, into a run folder. */
import { availableParallelism } from 'node:os'
import { deploy } from '../pipeline.ts'
import { scoreWords } from '../report/score-words.ts'
import { loadTarget } from '../target/profiles/load.ts'
import { type CommandDef, json } from './define.ts'
import { type ProjectOptions, projectOf, runFolderOf, withProjectOptions } from './deploy.ts'
import { progressTo } from './progress.ts'

export const train: CommandDef = (program, io) =>
  withProjectOptions(
    program.command('train').description('train a network with progressive ensembles; deploy goes on from the same folder'),
  )
    .option('--json', 'print the history as JSON')
    .action(async (options: ProjectOptions & { json?: true }) => {
      const project = await projectOf(options)
      const target = loadTarget(project.targets[0]!)
      const { trained } = await deploy({
        project,
        target,
        out: runFolderOf(options.out, target.name, project),
        until: 'train',
        threads: project.train.threads ?? availableParallelism(),
        profile: options.profile ?? false,
        verbose: options.verbose ?? false,
        progress: progressTo(io),
        signal: io.signal,
      })
      const { history, float } = trained!
      if (options.json)
        io.out(json({ ...history, testAccuracy: float.accuracy, ...(float.meanIou !== undefined && { testMeanIou: float.meanIou }) }))
      else io.out(`best epoch ${history.bestEpoch}, float test ${scoreWords(float)}\n`)
    })
