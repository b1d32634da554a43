/** `peapod check M.tflite --target T`: findings and placement; `--explain RULE`: the page of a rule; `--sweep`: over sizes of the input. */
import { exitCodes, UserError } from '../errors.ts'
import { bytes } from '../report/writers/words.ts'
import { check as checkModel } from '../target/check/check.ts'
import type { CheckResult } from '../target/define.ts'
import { loadTarget } from '../target/profiles/load.ts'
import { sizesOf } from '../target/sweep/sizes.ts'
import { sweep } from '../target/sweep/sweep.ts'
import { type CommandDef, json } from './define.ts'
import { explain, explainText } from './explain.ts'
import { readFor } from './model-file.ts'
import { findingText } from './rule-text.ts'
import { sweepText } from './sweep-text.ts'

type Options = { target?: string; explain?: string; sweep?: string; json?: true }

export const check: CommandDef = (program, io) =>
  program
    .command('check')
    .description('hold a .tflite against what a target supports; exit code 1 when a finding is an error')
    .argument('[model]', 'an int8 .tflite file')
    .option('--target <name>', 'a target of `peapod targets`, or the path of a profile')
    .option('--explain <rule>', 'print the page of a rule, and of which targets it is; needs no model')
    .option('--sweep <sizes>', 'check at other sizes of the input: input=96..320, input=96..320:16 or input=96,224')
    .option('--json', 'print the findings as JSON')
    .action(async (path: string | undefined, options: Options) => {
      if (options.explain !== undefined) {
        const pages = explain(options.explain, options.target)
        return io.out(options.json ? json(pages) : explainText(pages))
      }
      const target = loadTarget(needed(options.target, '--target NAME', 'peapod targets lists them'))
      const graph = await readFor(target, needed(path, 'a model', 'peapod check M.tflite --target T'))
      if (options.sweep !== undefined) {
        const swept = sweep(graph, target, sizesOf(options.sweep))
        return io.out(options.json ? json(swept) : sweepText(swept))
      }
      const result = checkModel(graph, target)
      io.out(options.json ? json(result) : checkText(result))
      if (result.findings.some((f) => f.severity === 'error')) io.exit(exitCodes.gate)
    })

function needed(value: string | undefined, what: string, hint: string): string {
  if (value === undefined) throw new UserError('missing-argument', `check needs ${what}`, { expected: what, hint })
  return value
}

function checkText({ findings, placement }: CheckResult): string {
  const { segments = [], crossings = [] } = placement
  const parts = segments.map(
    ({ place, nodes }, s) => `part ${s}: ${nodes.length} operators on the ${place === 'cpu' ? 'CPU' : place}, from node ${nodes[0]} on`,
  )
  return [
    ...findings.flatMap(findingText),
    ...(segments.length > 1 ? parts : []),
    ...crossings.map(({ name, bytes: n, from, to }) => `${name} (${bytes(n)}) crosses from part ${from} to part ${to}`),
    `${placement.accelerator} operators on the accelerator, ${placement.cpu} on the CPU, ${findings.length} findings`,
    '',
  ].join('\n')
}
