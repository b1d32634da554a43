/** The evidence of a run as files: Markdown for a person, JSON for a tool. */
import { jsonText } from '../report/writers/escape.ts'
import type { Measure, RunFacts } from './define.ts'
import { knownLimits } from './limits.ts'
import { matrixOf } from './matrix.ts'
import { measuresOf } from './measures.ts'
import { modelTestOf, modelTestText } from './model-test.ts'
import { useCases } from './use-cases.ts'
import { code, safe, table } from './words.ts'

/** File names and texts. The same run gives the same bytes. */
export function evidenceFiles(run: RunFacts): Record<string, string> {
  const { report, manifest } = run
  const limits = knownLimits(report, manifest)
  const all = {
    schemaVersion: '1',
    run: {
      target: report.target,
      network: report.network,
      data: report.data,
      seed: report.seed,
      model: report.model,
      written: manifest.written,
    },
    verdict: report.verdict.outcome,
    matrix: matrixOf(run),
    useCases,
    measures: measuresOf(run),
    versions: versionsOf(run),
    modelTest: modelTestOf(report),
    limits,
  }
  return {
    'README.md': indexText(run),
    'matrix.md': matrixText(run),
    'tool.md': toolText(run),
    'model-test.md': modelTestText(run),
    'limits.md': `# Known limits\n\n${table(
      ['id', 'limit'],
      limits.map((l) => [l.id, l.says]),
    ).join('\n')}\n`,
    'evidence.json': jsonText(all),
  }
}

function versionsOf({ report, manifest: m }: RunFacts): Record<string, string> {
  const runners = Object.entries(m.runners ?? {}).map(([uri, facts]) => [
    `runner ${uri}`,
    Object.entries(facts)
      .map(([k, v]) => `${k} ${v}`)
      .join(', '),
  ])
  return {
    peapod: report.peapod,
    node: m.node,
    ...(m.v8 && { v8: m.v8 }),
    platform: m.platform,
    ...(m.machine && { machine: `${m.machine.cpu}, ${m.machine.cores} cores, kernel ${m.machine.kernel}` }),
    ...(m.source && { commit: `${m.source.commit}${m.source.dirty ? ', with changes that are not committed' : ''}` }),
    ...Object.fromEntries(Object.entries(m.locks ?? {}).map(([file, digest]) => [`SHA-256 of ${file}`, digest])),
    ...(m.compiler && { compiler: m.compiler }),
    ...Object.fromEntries(runners),
    ...Object.fromEntries(Object.entries(m.packages ?? {}).map(([name, version]) => [`package ${name}`, version])),
  }
}

const indexText = ({ report, manifest }: RunFacts): string =>
  [
    `# Evidence: ${safe(report.network)} on ${safe(report.target)}`,
    '',
    'What this folder says are facts of one run. Whether they suffice for a safety case is the assessor’s to judge.',
    '',
    ...table(
      ['fact', 'value'],
      [
        ['model', `${safe(report.model.file)}, SHA-256 ${code(report.model.sha256)}`],
        ['run', safe(manifest.written)],
        ['verdict', report.verdict.outcome],
      ],
    ),
    '',
    '- [matrix.md](matrix.md): requirement, gate, test case, result',
    '- [tool.md](tool.md): use cases, malfunctions, measures, versions (ISO 26262-8, clause 11)',
    '- [model-test.md](model-test.md): the deployed model tested as the trained one was (Automotive SPICE 4.0, MLE.4)',
    '- [limits.md](limits.md): what the run does not show',
    '- [evidence.json](evidence.json): all of it for a tool',
    '',
  ].join('\n')

const matrixText = (run: RunFacts): string =>
  [
    '# Requirement, gate, test case, result',
    '',
    ...table(
      ['requirement', 'gate', 'what', 'limit', 'test case', 'result', 'value', 'margin', 'source'],
      matrixOf(run).map((r) => [
        safe(r.requirement),
        r.gate,
        r.says,
        r.limit,
        `${r.junit.classname} ${r.junit.name}`,
        r.result,
        safe(r.value),
        r.margin,
        r.source,
      ]),
    ),
    '',
    'Requirements that start with REQ are named for their metric; `requirement` of a gate in the project file puts another id in their place.',
    '',
  ].join('\n')

function toolText(run: RunFacts): string {
  const measures = measuresOf(run)
  const acted = new Map(measures.map((m): [string, Measure] => [m.id, m]))
  return [
    '# Confidence in the use of the tool',
    '',
    'Use cases, what may go wrong in each, and which measures guard against it. Tool impact, error detection and confidence level are the assessor’s to set.',
    '',
    ...useCases.flatMap((u) => [
      `## ${u.id}: ${u.says}`,
      '',
      `From ${u.input} to ${u.output}.`,
      '',
      ...table(
        ['malfunction', 'what', 'effect', 'measures', 'in this run'],
        u.malfunctions.map((m) => [
          m.id,
          m.says,
          m.effect,
          m.measures.join(', '),
          `${m.measures.filter((id) => acted.get(id)?.acted).length} of ${m.measures.length} acted`,
        ]),
      ),
      '',
    ]),
    '## Measures',
    '',
    ...table(
      ['id', 'measure', 'result in this run'],
      measures.map((m) => [m.id, m.says, m.result]),
    ),
    '',
    '## Versions',
    '',
    ...table(
      ['what', 'version'],
      Object.entries(versionsOf(run)).map(([what, version]) => [safe(what), safe(version)]),
    ),
    '',
  ].join('\n')
}
