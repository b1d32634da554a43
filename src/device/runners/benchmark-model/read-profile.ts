/** Per-layer times in the CSV of `--enable_op_profiling`. */
import type { LayerTime } from '../../define.ts'

/** The section in the order of the run, read by its header, since builds differ in their columns; commas in names are tabs there. Empty where there is none. */
export function layersIn(csv: string): LayerTime[] {
  const lines = csv.split(/\r?\n/)
  const start = lines.findIndex((line) => line.includes('Run Order'))
  if (start < 0) return []
  const headAt = lines.findIndex((line, i) => i > start && /node type/i.test(line))
  const head = (lines[headAt] ?? '').split(',').map((cell) => cell.trim().toLowerCase())
  const [op, mean, name] = [['node type'], ['avg_ms', 'avg ms', 'avg'], ['name']].map((names) =>
    head.findIndex((cell) => names.includes(cell)),
  )
  if (headAt < 0 || op! < 0 || mean! < 0 || name! < 0) return []
  const layers: LayerTime[] = []
  for (const line of lines.slice(headAt + 1)) {
    const cells = line.split(',').map((cell) => cell.trim())
    const ms = Number(cells[mean!])
    if (cells.length < head.length || !Number.isFinite(ms) || cells[mean!] === '') break
    layers.push({
      op: cells[op!]!.slice(0, 80),
      name: cells[name!]!.replaceAll('\t', ',')
        .replace(/^\[|\](:\d+)?$/g, '')
        .slice(0, 200),
      meanMs: ms,
    })
  }
  return layers
}
