/** Outputs against labels: accuracy, recall of each class, confusion. */

/** confusion[actual][predicted] are counts; recall of a class without samples is null. */
export type Score = {
  readonly samples: number
  readonly accuracy: number
  readonly recall: readonly (number | null)[]
  readonly confusion: readonly (readonly number[])[]
}

/** `values` holds `classes` scores a sample, in any scale; a tie at the top goes to the lower class, as argmax has it. */
export function score(values: ArrayLike<number>, labels: Int32Array, classes: number): Score {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  labels.forEach((label, sample) => {
    const at = sample * classes
    let top = 0
    for (let k = 1; k < classes; k++) if (values[at + k]! > values[at + top]!) top = k
    confusion[label]![top]!++
  })
  const right = confusion.map((row, actual) => row[actual]!)
  const total = confusion.map((row) => row.reduce((a, b) => a + b, 0))
  return {
    samples: labels.length,
    accuracy: right.reduce((a, b) => a + b, 0) / labels.length,
    recall: right.map((n, k) => (total[k] ? n / total[k]! : null)),
    confusion,
  }
}
