/** Everything that firmware takes for one model on one target, as the texts of files. */
import { UserError } from '../../errors.ts'
import { outline } from '../../formats/tflite/outline.ts'
import { tflmArena } from './arena.ts'
import { compiledArena } from './compiled-arena.ts'
import type { ExportInput, Facts, Files } from './define.ts'
import { goldenFiles } from './golden-files.ts'
import { interfaceFiles } from './interface-files.ts'
import { modelFiles } from './model-files.ts'
import { identifier } from './names.ts'
import { operatorsFile } from './operators-file.ts'
import { readme } from './readme.ts'
import { tflmMethods } from './tflm-operators.ts'

/** Throws UserError `no-firmware` for a machine that takes no C, `tflm-operator` for an operator that TFLM lacks, `export-type` for an input or output that C has no type for. */
export function exportFiles(input: ExportInput): Files {
  const { graph, model, compiled, target } = input
  if (!target.firmware)
    throw new UserError('no-firmware', `${target.title} runs no firmware that Peapod writes C for`, {
      found: target.name,
      expected: 'a target whose profile names its firmware, such as a Cortex-M or an Ethos-U',
      hint: 'Such a machine takes the file itself, or what its vendor’s tools make of it.',
    })
  const prefix = identifier(input.name)
  const deployed = compiled ?? model
  const facts: Facts = {
    ...input,
    prefix,
    macro: prefix.toUpperCase(),
    deployed: { bytes: deployed.bytes, sha256: deployed.sha256 },
    arena: compiled ? compiledArena(compiled.bytes, graph) : tflmArena(graph, { kernels: 'cmsis-nn' }),
    methods: tflmMethods(outline(deployed.bytes).operators),
  }
  const files = { ...modelFiles(facts), ...operatorsFile(facts), ...interfaceFiles(facts), ...goldenFiles(facts) }
  return { ...files, 'README.md': readme(facts, Object.keys(files)) }
}
