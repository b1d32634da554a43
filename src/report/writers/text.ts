/** The report for a terminal or a log: verdict first, then what it rests on. */
import type { Judgement, Report } from '../define.ts'
import { findingsOf } from '../metrics.ts'
import { scoreName, scoreOf } from '../score-words.ts'
import { besideLines } from './beside-lines.ts'
import { compiledColumns, compiledLines } from './compiled-lines.ts'
import type { Writer } from './define.ts'
import { shown } from './escape.ts'
import { runLines } from './run-lines.ts'
import { amount, bytes, grouped, limitWords, milliseconds, percent } from './words.ts'

export const text = { name: 'text', file: 'report.txt', write: (report: Report) => `${lines(report).join('\n')}\n` } satisfies Writer

/** A table is as wide as its widest cell. */
const longestCell = 48

const words = { pass: 'PASS', warn: 'WARN', fail: 'FAIL', skip: 'skip' } as const

function lines(r: Report): string[] {
  return [
    `${words[r.verdict.outcome]}  ${shown(r.network)} on ${shown(r.target)}, ${shown(r.data.name)} data`,
    '',
    ...gateTable(r.verdict.judgements),
    '',
    `${scoreName(r.int8).padEnd(10)} float ${percent(scoreOf(r.float))}, int8 ${percent(scoreOf(r.int8))} on ${grouped(r.int8.samples)} test images (${howComputed(r)})`,
    ...iouLines(r),
    ...(r.data.skipped ? [`left out   ${r.data.skipped} image files of the data set, which cannot be read`] : []),
    `file       ${bytes(r.model.bytes)}, ${r.model.operators} operators, ${grouped(r.model.parameters)} parameters, SHA-256 ${shown(r.model.sha256.slice(0, 16))}…`,
    `memory     arena ${bytes(r.estimate.arenaBytes)} (planned), weights ${bytes(r.estimate.weightBytes)} as the accelerator stores them (estimated)`,
    `latency    ${milliseconds(r.estimate.latencyMs)}, ${grouped(r.estimate.totalCycles)} cycles at ${r.estimate.clockHz / 1e6} MHz (ESTIMATED by ${shown(r.estimate.model)}, not measured)`,
    ...besideLines(r.estimate),
    ...compiledLines(r),
    ...runLines(r),
    ...stageLines(r),
    ...(r.quantisation ?? []).map((words, i) => `${i ? '          ' : 'quantised '} ${shown(words, 200)}`),
    '',
    ...layerTable(r),
    '',
    ...findingLines(r),
    ...r.estimate.notes.map((n) => `note: ${shown(n, 1000)}`),
  ]
}

/** Where the vendor's tool quantises by itself, int8 figures are no statement about the machine's file. */
export const howComputed = ({ int8 }: Pick<Report, 'int8'>): string =>
  `${int8.emulated ? 'int8 EMULATED, since the vendor’s tool quantises the float model; ' : ''}computed, ${shown(int8.rounding)} rounding`

function gateTable(judgements: readonly Judgement[]): string[] {
  const rows = judgements.map((j) => [
    words[j.outcome],
    j.metric,
    j.value === null ? shown(j.reason ?? '', 400) : amount(j.value, j.unit),
    limitWords(j),
    j.margin === null || !Number.isFinite(j.margin) ? '' : amount(j.margin, j.unit),
    j.source,
  ])
  return table(['', 'gate', 'value', 'limit', 'margin', 'source'], rows)
}

function iouLines({ float, int8, data }: Report): string[] {
  if (!int8.iou) return []
  const share = (value: number | null | undefined) => (typeof value === 'number' ? percent(value) : '')
  const rows = int8.iou.map((iou, k) => [shown(data.classes[k] ?? `class ${k}`, longestCell), share(float.iou?.[k]), share(iou)])
  return [
    `pixels     float accuracy ${percent(float.accuracy)}, int8 accuracy ${percent(int8.accuracy)} on ${grouped(int8.pixels ?? 0)} labelled pixels`,
    ...table(['class', 'IoU float', 'int8'], rows).map((row) => `           ${row}`),
  ]
}

const stageLines = ({ stages }: Report): string[] => {
  const all = Object.entries(stages).map(([stage, difference]) => `${shown(stage)} ${difference.toExponential(1)}`)
  return all.length ? [`stages     largest difference as a share of the largest output: ${all.join(', ')}`] : []
}

function layerTable(report: Report): string[] {
  const { layers, totalCycles } = report.estimate
  const { heads, cells, after } = compiledColumns(report)
  const rows = layers.map((l, i) => [
    ...[shown(l.name, longestCell), shown(l.op, longestCell), grouped(l.macs), grouped(l.cycles)],
    ...cells(i),
    ...[percent(l.cycles / (totalCycles || 1), 1), shown(l.boundBy, longestCell)],
  ])
  return [...table(['layer', 'op', 'MACs', 'cycles', ...heads, 'share', 'bound by'], rows), ...after]
}

function findingLines(report: Report): string[] {
  const findings = findingsOf(report)
  return findings.length
    ? findings.map(
        (f) =>
          `${f.severity} ${shown(f.code)} at ${shown(f.place)}: ${shown(f.says, 400)}; found ${shown(f.found, 400)}. ${shown(f.hint, 400)}`,
      )
    : [`no findings: all ${report.check.placement.accelerator} operators run on the accelerator`]
}

/** Columns as wide as their widest cell; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows]
  const widths = head.map((_, c) => Math.max(...all.map((row) => row[c]!.length)))
  const numeric = head.map((_, c) => rows.every((row) => /^[-\d]|^$/.test(row[c]!)) && rows.some((row) => row[c] !== ''))
  return all.map((row) =>
    row
      .map((cell, c) => (numeric[c] ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)))
      .join('  ')
      .trimEnd(),
  )
}
