/** `peapod simulate M.tflite --target T [--input F]`: the estimate, and what the machine will answer. */
import { UserError } from '../errors.ts'
import { besideLines } from '../report/writers/beside-lines.ts'
import { table } from '../report/writers/text.ts'
import { bytes, grouped, milliseconds, percent } from '../report/writers/words.ts'
import type { Estimate } from '../target/define.ts'
import { loadTarget } from '../target/profiles/load.ts'
import type { SimulateOptions } from '../target/simulate/engines/define.ts'
import { simulate as simulateModel } from '../target/simulate/simulate.ts'
import { sizesOf } from '../target/sweep/sizes.ts'
import { sweep } from '../target/sweep/sweep.ts'
import { type AnswerFiles, answerFile, answerText, numericsOf } from './answer-file.ts'
import { type CommandDef, json } from './define.ts'
import { readFor } from './model-file.ts'
import { sweepText } from './sweep-text.ts'

type Options = SimulateOptions & Partial<AnswerFiles> & { target: string; sweep?: string; json?: true }

export const simulate: CommandDef = (program, io) =>
  program
    .command('simulate')
    .description('estimate cycles, latency and memory of a .tflite on a target, and compute what it will answer')
    .argument('<model>', 'an int8 .tflite file')
    .requiredOption('--target <name>', 'a target of `peapod targets`, or the path of a profile')
    .option('--model <name>', 'the model of the estimate, such as regor-5.2, regor-5.1 or legacy')
    .option('--system-config <name>', 'clock and memories, as in the target’s profile')
    .option('--memory-mode <name>', 'where constants and the arena live, as in the target’s profile')
    .option('--sweep <sizes>', 'estimate at other sizes of the input: input=96..320, input=96..320:16 or input=96,224')
    .option('--input <file>', 'compute the answers too: a .npy, or raw bytes in the tensor’s own type, one or more inputs')
    .option('--output <file>', 'where the answers go: .npy by its name, else raw bytes')
    .option('--numerics <whose>', 'target: as the machine rounds; reference: as TFLite’s reference kernels do', numericsOf)
    .option('--json', 'print the estimate as JSON')
    .action(async (path: string, { target, sweep: sizes, json: asJson, input, output, numerics, ...options }: Options) => {
      const machine = loadTarget(target)
      if (input === undefined && (output ?? numerics) !== undefined) throw alone(output === undefined ? '--numerics' : '--output')
      if (input !== undefined && sizes !== undefined) throw alone('--sweep')
      const graph = await readFor(machine, path)
      if (sizes !== undefined) {
        const swept = sweep(graph, machine, sizesOf(sizes), options)
        return io.out(asJson ? json(swept) : sweepText(swept))
      }
      if (input === undefined) {
        const estimate = simulateModel(graph, machine, options)
        return io.out(asJson ? json(estimate) : estimateText(estimate))
      }
      const { estimate, ...answers } = await answerFile(graph, machine, { input, output, numerics, ...options })
      io.out(asJson ? json({ ...estimate, answers }) : `${estimateText(estimate)}${answerText(answers)}`)
    })

const alone = (option: string): UserError =>
  option === '--sweep'
    ? new UserError('bad-option', '--sweep changes the input’s size, so that --input does not fit', {
        found: '--sweep',
        expected: 'one of both',
      })
    : new UserError('bad-option', `${option} needs --input`, { found: option, hint: 'Give the inputs to answer with --input.' })

function estimateText(e: Estimate): string {
  const rows = e.layers.map((l) => [
    l.name,
    l.op,
    grouped(l.macs),
    grouped(l.cycles),
    percent(l.cycles / (e.totalCycles || 1), 1),
    l.boundBy,
  ])
  return [
    ...table(['layer', 'op', 'MACs', 'cycles', 'share', 'bound by'], rows),
    '',
    `${e.target}: ${grouped(e.totalCycles)} cycles, ${milliseconds(e.latencyMs)} at ${e.clockHz / 1e6} MHz, ESTIMATED by ${e.model}`,
    `arena ${bytes(e.arenaBytes)}, weights ${bytes(e.weightBytes)} as stored, ${grouped(e.macs)} MACs`,
    ...besideLines(e),
    ...boundsText(e),
    ...e.notes.map((n) => `note: ${n}`),
    '',
  ].join('\n')
}

/** What bounds the network, the largest share first, and what would change it. */
function boundsText({ layers, totalCycles }: Estimate): string[] {
  const bounds = new Map<string, { cycles: number; change: string | undefined }>()
  for (const { boundBy, cycles, change } of layers) bounds.set(boundBy, { cycles: (bounds.get(boundBy)?.cycles ?? 0) + cycles, change })
  return [...bounds]
    .filter(([, { cycles }]) => cycles > 0)
    .sort(([, a], [, b]) => b.cycles - a.cycles)
    .map(([boundBy, { cycles, change }]) => `${percent(cycles / totalCycles, 1)} bound by ${boundBy}${change ? `: ${change}` : ''}`)
}
