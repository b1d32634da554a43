/** Compiles the file with the vendor's own compiler, where it is installed. */
import type { Report } from '../report/define.ts'
import { bytes, grouped } from '../report/writers/words.ts'
import type { Compilation } from '../target/compilers/define.ts'
import { findCompiler } from '../target/compilers/find-compiler.ts'
import { placementFinding } from '../target/compilers/placement-finding.ts'
import type { Target } from '../target/profiles/schema.ts'
import { defineStage } from './define.ts'

const timeoutMs = 300_000

type Outcome = NonNullable<Report['compiled']>

export const compile = defineStage<'project' | 'target' | 'model' | 'check', 'compiled'>({
  name: 'compile',
  says: 'compile the file for the target with its vendor’s compiler',
  // What is installed decides what comes out: a compiler that arrived since the last run is used.
  key: async ({ project, target, model }) => {
    const found = await findCompiler(target, project.compiler)
    const identity = found && 'version' in found ? { version: found.version, command: found.command } : (found?.what ?? null)
    return { target, model: model.sha256, choice: project.compiler, identity }
  },
  make: async ({ project, target, model, check }, { progress, signal }) => {
    const found = await findCompiler(target, project.compiler)
    if (!found || 'what' in found) {
      const why = found ? `${found.what}; ${found.hint}` : withoutCompiler(target, project.compiler)
      progress.note(`not compiled: ${why}`)
      return written({ missing: why })
    }
    const compilation = await found.compiler.compile(found, model.bytes, target, { timeoutMs, signal })
    progress.note(summary(compilation))
    const { result, bytes: file } = compilation
    return written({ ...result, findings: [...result.findings, ...placementFinding(check, result)] }, file)
  },
  load: async (files) => {
    const outcome = JSON.parse(Buffer.from(files['compiled.json']!).toString()) as Outcome
    const file = files['compiled.tflite']
    return { compiled: { outcome, ...(file && { bytes: file }) } }
  },
})

const written = (outcome: Outcome, file?: Uint8Array) => ({
  'compiled.json': `${JSON.stringify(outcome, null, 2)}\n`,
  ...(file && { 'compiled.tflite': file }),
})

function withoutCompiler({ compiler }: Target, choice: string): string {
  if (!compiler) return 'the target’s profile names no compiler'
  return choice === 'none' ? 'compiler is none' : `Peapod does not drive ${compiler.name}`
}

function summary({ result: { compiler, version, totalCycles, cpuOperators, outputBytes } }: Compilation): string {
  const cycles = totalCycles === undefined ? '' : `${grouped(totalCycles)} cycles, `
  return `${compiler} ${version}: ${cycles}${cpuOperators} operators on the CPU, ${bytes(outputBytes)}`
}
