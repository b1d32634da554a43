/** Notices that validation falls while ensembles fade: weighted ones were seen to collapse late in the transition (Utasi 2022, on MobileNet). */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { findEnsembles } from '../pea/find-ensembles.ts'
import type { EpochRecord } from './define.ts'

/** A fall of more than this is worth a word: two points. */
const most = 0.02

const meritOf = ({ validationMeanIou, validationAccuracy }: EpochRecord): number => validationMeanIou ?? validationAccuracy

/** By how much the last of these epochs lies below the best before it; 0 where it does not. */
function fallOf(history: readonly EpochRecord[]): number {
  const merits = history.map(meritOf)
  return Math.max(...merits, 0) - (merits.at(-1) ?? 0)
}

/** The ensembles of a model in words, such as `weighted gelu (27 layers)`. */
function ensemblesOf(model: LayersModel): string {
  const kinds = new Map<string, string[]>()
  for (const { mix, activation, name } of findEnsembles(model)) {
    const kind = `${mix} ${activation}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), name])
  }
  return [...kinds].map(([kind, names]) => `${kind} (${names.length === 1 ? names[0] : `${names.length} layers`})`).join(', ')
}

/** An epoch in which alpha reaches 1 is still one of the transition. */
const fellFading = (history: readonly EpochRecord[]): boolean =>
  (history.at(-1)?.alpha ?? 0) > 0 && (history.at(-2)?.alpha ?? 0) < 1 && fallOf(history) > most

/** A warning for the last epoch of the history, where it is one of the transition and fell; once for epochs in a row. */
export function fallWarning(history: readonly EpochRecord[], model: LayersModel): string | undefined {
  const ensembles = ensemblesOf(model)
  if (!ensembles || !fellFading(history) || fellFading(history.slice(0, -1))) return undefined
  const points = (100 * fallOf(history)).toFixed(1)
  return `validation fell by ${points} points in the transition, at alpha ${history.at(-1)!.alpha.toFixed(2)}: ${ensembles}. Where it does not recover, try a stochastic ensemble, another activation, or another end of the transition.`
}
