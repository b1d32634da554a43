/** An experiment's tables as Markdown: one over all networks, and one for each network and end of the transition. */
import { markdown as safe } from '../writers/escape.ts'
import { percent } from '../writers/words.ts'
import type { Difference, ExperimentReport, Row, Spread } from './define.ts'
import { variantWords } from './variant-words.ts'

export const markdown = { file: 'experiment.md', write: (report: ExperimentReport) => `${lines(report).join('\n')}\n` }

const blocksOf = (rows: readonly Row[], by: (row: Row) => string): Row[][] => {
  const blocks = new Map<string, Row[]>()
  for (const row of rows) blocks.set(by(row), [...(blocks.get(by(row)) ?? []), row])
  return [...blocks.values()]
}

const endWords = (end: number | null) => (end === null ? '' : `, transition to ${percent(end, 0)} of the training`)

function lines({ name, says, samples, rows, peapod, missing }: ExperimentReport): string[] {
  const ends = [...new Set(rows.map(({ end }) => end))]
  const networks = [...new Set(rows.map(({ network }) => network))]
  return [
    `# ${safe(name)}`,
    '',
    ...(says === undefined ? [] : [safe(says), '']),
    `Test accuracy on ${samples} images in per cent, mean ± sample deviation over seeds; differences to the baseline of the same network are`,
    'paired by seed, in points, with their 95 % interval (Student t). Float and int8 side by side: int8 is the bit-exact file.',
    '',
    ...(missing
      ? [
          `${missing.cells} of ${missing.of} trainings are not done: ${missing.seeds.length > 1 ? 'seeds' : 'seed'} ${missing.seeds.join(', ')} left out.`,
          '',
        ]
      : []),
    ...(networks.length > 1
      ? ends.flatMap((end) =>
          overview(
            rows.filter((row) => row.end === end),
            networks,
            end,
          ),
        )
      : []),
    ...blocksOf(rows, ({ network, end }) => JSON.stringify([network, end])).flatMap(block),
    `Peapod ${peapod}.`,
  ]
}

const tableOf = (head: readonly string[], body: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| --- |${' ---: |'.repeat(head.length - 1)}`,
  ...body.map((row) => `| ${row.join(' | ')} |`),
  '',
]

/** Networks across, ways to train down: float / int8. The best mean of each network that can be deployed is bold. */
function overview(rows: readonly Row[], networks: readonly string[], end: number | null): string[] {
  const best = new Map(
    networks.map((n) => [n, Math.max(...rows.flatMap((r) => (r.network === n && r.kind !== 'limit' ? (r.int8.mean ?? []) : [])))]),
  )
  // Bases differ between networks: the baseline is one line.
  const label = (row: Row) => (row.kind === 'baseline' ? 'baseline' : variantWords(row))
  const body = blocksOf(rows, label).map((block) => [
    label(block[0]!),
    ...networks.map((network) => {
      const row = block.find((r) => r.network === network)
      if (!row) return ''
      const text = `${number(row.float.mean)} / ${number(row.int8.mean)}`
      return row.kind !== 'limit' && row.int8.mean === best.get(network) ? `**${text}**` : text
    }),
  ])
  return [`## All networks, float / int8${endWords(end)}`, '', ...tableOf(['activation', ...networks.map((name) => safe(name))], body)]
}

function block(rows: readonly Row[]): string[] {
  const { network, end } = rows[0]!
  const notes = rows.flatMap((row) => [
    ...(row.withoutInt8 === undefined ? [] : [`${variantWords(row)} has no int8 form: ${safe(row.withoutInt8)}.`]),
    ...row.failures.map(({ seed, why }) => `${variantWords(row)}, seed ${seed}: ${safe(why)}`),
  ])
  const body = rows.map((row) => [
    variantWords(row),
    row.failures.length ? `${row.seeds.length} of ${row.seeds.length + row.failures.length}` : `${row.seeds.length}`,
    spread(row.float),
    difference(row.floatDifference),
    spread(row.int8),
    difference(row.int8Difference),
  ])
  return [
    `## ${safe(network)}${endWords(end)}`,
    '',
    ...tableOf(['activation', 'seeds', 'float', 'difference (95 %)', 'int8', 'difference (95 %)'], body),
    ...(notes.length ? [...notes.map((note) => `* ${note}`), ''] : []),
  ]
}

const number = (share: number | null) => (share === null ? '–' : (share * 100).toFixed(2))
const spread = ({ mean, deviation }: Spread) => (deviation === null ? number(mean) : `${number(mean)} ± ${number(deviation)}`)
const signed = (share: number) => `${share >= 0 ? '+' : '−'}${number(Math.abs(share))}`

function difference(d: Difference | null): string {
  if (d === null) return ''
  if (d.mean === null) return '–'
  return d.halfWidth === null ? signed(d.mean) : `${signed(d.mean)} (${signed(d.mean - d.halfWidth)} to ${signed(d.mean + d.halfWidth)})`
}
