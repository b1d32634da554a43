/** `peapod check M.tflite --target T`: findings and placement. */
import { exitCodes } from '../errors.ts'
import { table } from '../report/writers/text.ts'
import { check as checkModel } from '../target/check/check.ts'
import { loadTarget } from '../target/profiles/load.ts'
import { type CommandDef, json } from './define.ts'
import { readQuantised } from './model-file.ts'

export const check: CommandDef = (program, io) =>
  program
    .command('check')
    .description('hold a .tflite against what a target supports; exit code 1 when a finding is an error')
    .argument('<model>', 'an int8 .tflite file')
    .requiredOption('--target <name>', 'a target of `peapod targets`, or the path of a profile')
    .option('--json', 'print the findings as JSON')
    .action(async (path: string, options: { target: string; json?: true }) => {
      const target = loadTarget(options.target)
      const { graph } = await readQuantised(path)
      const result = checkModel(graph, target)
      const { findings, placement } = result
      if (options.json) io.out(json(result))
      else {
        const rows = findings.map((f) => [f.severity, f.code, f.place, f.says, f.found, f.hint])
        if (rows.length) io.out(`${table(['severity', 'rule', 'place', 'says', 'found', 'hint'], rows).join('\n')}\n`)
        io.out(`${placement.accelerator} operators on the accelerator, ${placement.cpu} on the CPU, ${findings.length} findings\n`)
      }
      if (findings.some((f) => f.severity === 'error')) io.exit(exitCodes.gate)
    })
