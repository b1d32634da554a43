/** Outputs there against outputs here: agreement of classes, accuracy, how far and where they differ. */
import { addPixels, noPixels, segmentScore } from '../../execute/segment-score.ts'
import type { Elements } from '../../graph/ir/graph.ts'
import type { Agreement, WorstSample } from '../define.ts'

const mostWorst = 10

type Differing = WorstSample & { readonly sum: number }

export type Compared = {
  /** `classes` elements for each label, in quantised steps. */
  readonly there: Elements
  readonly here: Elements
  /** One a sample, or one a pixel; of pixels only those count for accuracy whose label is one of the classes. */
  readonly labels: Int32Array | Uint8Array
  readonly samples: number
}

/** All that a tally counted, as JSON, from which another goes on. */
export type TallyState = {
  readonly count: Readonly<Record<'samples' | 'labels' | 'counted' | 'right' | 'rightHere' | 'agreed' | 'equal', number>>
  readonly pixels: { readonly there: readonly number[]; readonly here: readonly number[] }
  readonly pairs: readonly (readonly [string, number])[]
  readonly differing: readonly Differing[]
  readonly most: number
  readonly total: number
  readonly first?: NonNullable<Agreement['firstDifference']>
  readonly ofPixels: boolean
}

export type Tally = { add(part: Compared): void; result(): Agreement; state(): TallyState }

/** Of all samples together. */
export const agree = (runner: string, there: Elements, here: Elements, labels: Int32Array, classes: number, slack = 0): Agreement => {
  const tally = agreeing(runner, classes, slack)
  tally.add({ there, here, labels, samples: labels.length })
  return tally.result()
}

/**
 * Of samples that come in parts; differences up to `slack` steps are none. Where labels are of pixels, accuracy and agreement are shares of
 * pixels and there is a mean IoU, while `bitEqual` stays the share of samples, and no pairs of classes are named. Throws nothing; lengths must agree with the labels.
 */
export function agreeing(runner: string, classes: number, slack = 0, before?: TallyState): Tally {
  const count = { samples: 0, labels: 0, counted: 0, right: 0, rightHere: 0, agreed: 0, equal: 0, ...before?.count }
  const pixels = { there: noPixels(classes), here: noPixels(classes) }
  if (before) for (const side of ['there', 'here'] as const) pixels[side].counts.set(before.pixels[side])
  const pairs = new Map<string, number>(before?.pairs)
  const differing: Differing[] = [...(before?.differing ?? [])]
  let [most, total] = [before?.most ?? 0, before?.total ?? 0]
  let first: Agreement['firstDifference'] = before?.first
  let ofPixels = before?.ofPixels ?? false

  const add = ({ there, here, labels, samples }: Compared): void => {
    const each = samples ? labels.length / samples : 1
    const [classesThere, classesHere] = [new Uint16Array(each), new Uint16Array(each)]
    ofPixels ||= each > 1
    for (let sample = 0; sample < samples; sample++) {
      let [sum, maxDifference] = [0, 0]
      const agreedBefore = count.agreed
      for (let i = 0; i < each; i++) {
        const label = labels[sample * each + i]!
        const at = (sample * each + i) * classes
        const [a, b] = [topOf(there, at, classes), topOf(here, at, classes)]
        for (let k = 0; k < classes; k++) {
          const gap = Math.abs(there[at + k]! - here[at + k]!)
          if (gap <= slack) continue
          sum += gap
          maxDifference = Math.max(maxDifference, gap)
          first ??= { sample: count.samples + sample, element: i * classes + k, there: there[at + k]!, here: here[at + k]! }
        }
        classesThere[i] = a
        classesHere[i] = b
        if (each === 1 || (label >= 0 && label < classes)) count.counted++
        if (a === label) count.right++
        if (b === label) count.rightHere++
        // A tie at the top: either side may name any class that reaches its own maximum.
        const agreed = there[at + b]! >= there[at + a]! - slack || here[at + a]! >= here[at + b]! - slack
        if (agreed) count.agreed++
        if (each > 1) continue
        if (!agreed) pairs.set(`${b} ${a}`, (pairs.get(`${b} ${a}`) ?? 0) + 1)
        if (sum > 0) differing.push({ sample: count.samples + sample, maxDifference, here: b, there: a, agreed, sum })
      }
      total += sum
      most = Math.max(most, maxDifference)
      if (sum === 0) count.equal++
      if (each === 1) continue
      if (sum > 0) differing.push({ sample: count.samples + sample, maxDifference, agreed: count.agreed - agreedBefore === each, sum })
      const own = labels.subarray(sample * each, (sample + 1) * each)
      addPixels(pixels.there, classesThere, own)
      addPixels(pixels.here, classesHere, own)
    }
    count.samples += samples
    count.labels += labels.length
  }

  const result = (): Agreement => {
    const share = (n: number, of: number) => (of ? n / of : 0)
    return {
      runner,
      samples: count.samples,
      accuracy: share(count.right, count.counted),
      accuracyHere: share(count.rightHere, count.counted),
      ...(ofPixels && { meanIou: segmentScore(pixels.there).meanIou ?? 0, meanIouHere: segmentScore(pixels.here).meanIou ?? 0 }),
      agreement: share(count.agreed, count.labels),
      ...(slack > 0 && { slackSteps: slack }),
      maxDifference: most,
      meanDifference: share(total, count.labels * classes),
      bitEqual: share(count.equal, count.samples),
      ...(first && { firstDifference: first }),
      ...(pairs.size && { confusion: mostFrequent(pairs) }),
      ...(differing.length && { worst: worstOf(differing) }),
    }
  }
  const state = (): TallyState => ({
    count: { ...count },
    pixels: { there: [...pixels.there.counts], here: [...pixels.here.counts] },
    ...{ pairs: [...pairs], differing: [...differing], most, total, ofPixels },
    ...(first && { first }),
  })
  return { add, result, state }
}

const mostFrequent = (pairs: ReadonlyMap<string, number>) =>
  [...pairs]
    .sort(([, a], [, b]) => b - a)
    .map(([pair, samples]) => ({ here: Number(pair.split(' ')[0]), there: Number(pair.split(' ')[1]), samples }))

const worstOf = (differing: readonly Differing[]): WorstSample[] =>
  [...differing]
    .sort((a, b) => Number(a.agreed) - Number(b.agreed) || b.maxDifference - a.maxDifference || b.sum - a.sum || a.sample - b.sample)
    .slice(0, mostWorst)
    .map(({ sum: _, ...sample }) => sample)

function topOf(data: Elements, at: number, classes: number): number {
  let index = 0
  for (let k = 1; k < classes; k++) if (data[at + k]! > data[at + index]!) index = k
  return index
}
