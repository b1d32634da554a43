/** Outputs there against outputs here: agreement of classes, accuracy, the first difference. */
import type { Elements } from '../../graph/ir/graph.ts'
import type { Agreement } from '../define.ts'

/**
 * `there` and `here` hold `classes` elements a sample, in quantised steps; up to `slack` of them are no difference.
 * Throws nothing; lengths must agree with the labels.
 */
export function agree(runner: string, there: Elements, here: Elements, labels: Int32Array, classes: number, slack = 0): Agreement {
  const count = { right: 0, rightHere: 0, agreed: 0, equal: 0 }
  let maxDifference = 0
  let first: Agreement['firstDifference']
  labels.forEach((label, sample) => {
    const at = sample * classes
    const [a, b] = [topOf(there, at, classes), topOf(here, at, classes)]
    let same = true
    for (let k = 0; k < classes; k++) {
      const gap = Math.abs(there[at + k]! - here[at + k]!)
      if (gap <= slack) continue
      same = false
      maxDifference = Math.max(maxDifference, gap)
      first ??= { sample, element: k, there: there[at + k]!, here: here[at + k]! }
    }
    if (a.index === label) count.right++
    if (b.index === label) count.rightHere++
    if (same) count.equal++
    // A tie at the top: either side may name any class that reaches its own maximum.
    if (there[at + b.index]! >= a.value - slack || here[at + a.index]! >= b.value - slack) count.agreed++
  })
  const share = (n: number) => (labels.length ? n / labels.length : 0)
  return {
    runner,
    samples: labels.length,
    accuracy: share(count.right),
    accuracyHere: share(count.rightHere),
    agreement: share(count.agreed),
    ...(slack > 0 && { slackSteps: slack }),
    maxDifference,
    bitEqual: share(count.equal),
    ...(first && { firstDifference: first }),
  }
}

function topOf(data: Elements, at: number, classes: number): { index: number; value: number } {
  let index = 0
  for (let k = 1; k < classes; k++) if (data[at + k]! > data[at + index]!) index = k
  return { index, value: data[at + index]! }
}
