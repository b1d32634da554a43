/** What guards the tool's output, and what each measure found in this run. */
import { findingsOf } from '../report/metrics.ts'
import { scoreWords } from '../report/score-words.ts'
import { grouped, milliseconds, percent } from '../report/writers/words.ts'
import type { Measure, RunFacts } from './define.ts'
import { safe } from './words.ts'

type Rule = { readonly says: string; of(run: RunFacts): string | undefined }

const ownRuntimes = ({ report }: RunFacts) => report.runs.filter((r) => r.runner !== 'simulator:')

/** By id; ids stay with their measure. Undefined: it did not act in this run. */
const rules: Readonly<Record<string, Rule>> = {
  'MEA-STAGES': {
    says: 'Each graph stage (import, strip, fold) is held against the one before on real images; the run stops beyond 1e-4, 1e-6 and 1e-4 of the largest output.',
    of: ({ report }) =>
      Object.entries(report.stages)
        .map(([stage, d]) => `${safe(stage)} ${d.toExponential(1)}`)
        .join(', ') || undefined,
  },
  'MEA-LEAK': {
    says: 'Images of the splits are compared with each other by SHA-256.',
    of: ({ manifest: { data } }) =>
      data &&
      `test images also in train: ${data.shared.trainTest}, in validation: ${data.shared.validationTest}; validation images also in train: ${data.shared.trainValidation}`,
  },
  'MEA-NOISE': {
    says: 'Each layer of the int8 graph is held against the float one; the worst signal-to-noise ratio is reported.',
    of: ({ report: { layerErrors } }) => {
      const worst = layerErrors?.filter((l) => l.sqnrDb !== null).sort((a, b) => a.sqnrDb! - b.sqnrDb!)[0]
      return worst && `worst of ${layerErrors!.length} tensors: ${safe(worst.name)}, ${worst.sqnrDb!.toFixed(1)} dB`
    },
  },
  'MEA-DEPLOYED': {
    says: 'The written file, read back from its bytes, is executed over the whole test split and scored as the float network was.',
    of: ({ report: { float, int8 } }) => `float ${scoreWords(float)}, int8 ${scoreWords(int8)} on the same ${grouped(int8.samples)} images`,
  },
  'MEA-SECOND-ENGINE': {
    says: 'A runtime or device that Peapod did not write runs the same file on the same images; outputs are compared.',
    of: (run) => {
      const said = ownRuntimes(run).flatMap(({ runner, agreement: a }) =>
        a
          ? [
              `${safe(runner)}: same class ${percent(a.agreement)} of ${grouped(a.samples)}, bit-equal ${percent(a.bitEqual)}, largest difference ${a.maxDifference} steps`,
            ]
          : [],
      )
      return said.join('; ') || undefined
    },
  },
  'MEA-CHECK': {
    says: 'Every operator is held against the rules of the target’s profile, each with its source.',
    of: ({ report }) => {
      const { accelerator, cpu } = report.check.placement
      return `${findingsOf(report).length} findings; ${accelerator} operators on the accelerator, ${cpu} on the CPU`
    },
  },
  'MEA-COMPILER': {
    says: 'The vendor’s compiler compiles the file; its placement is compared with Peapod’s.',
    of: ({ report: { compiled } }) =>
      compiled && 'compiler' in compiled
        ? `${safe(`${compiled.compiler} ${compiled.version}`)}: ${compiled.cpuOperators} operators on the CPU, ${compiled.findings.length} findings`
        : undefined,
  },
  'MEA-LATENCY': {
    says: 'Latency is measured on a device, beside the estimate.',
    of: ({ report }) => {
      const said = report.runs.flatMap(({ runner, measurement: m }) =>
        m?.description.timing === 'measured'
          ? [
              `${safe(runner)}: median ${milliseconds(m.latency.medianMs)} over ${m.latency.runs} runs, estimate ${milliseconds(report.estimate.latencyMs)}`,
            ]
          : [],
      )
      return said.join('; ') || undefined
    },
  },
  'MEA-DIGESTS': {
    says: 'Every file of the run is held against the SHA-256 in its manifest before this evidence is written.',
    of: ({ manifest }) => `${Object.keys(manifest.files).length} files unchanged`,
  },
  'MEA-REPRODUCE': {
    says: 'The file is built again in an empty folder from the settings alone; the bytes are compared (peapod reproduce).',
    of: ({ reproduction: r }) =>
      r &&
      `${r.same ? 'the same bytes' : `other bytes, SHA-256 ${r.sha256}`}, Peapod ${safe(r.peapod)}, Node ${safe(r.node)}, ${safe(r.cpu)}, ${safe(r.at)}`,
  },
  'MEA-GATES': {
    says: 'A gate whose metric the run did not produce fails, unless the project file says otherwise; every gate is listed with value, limit and source.',
    of: ({ report: { verdict } }) => {
      const count = (outcome: string) => verdict.judgements.filter((j) => j.outcome === outcome).length
      return `${verdict.judgements.length} gates: ${count('pass')} pass, ${count('warn')} warn, ${count('fail')} fail, ${count('skip')} skipped`
    },
  },
}

export const measuresOf = (run: RunFacts): Measure[] =>
  Object.entries(rules).map(([id, { says, of }]) => {
    const result = of(run)
    return { id, says, acted: result !== undefined, result: result ?? 'did not act in this run' }
  })
