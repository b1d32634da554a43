/** How a way to train is called in a table. */
import type { Row } from './define.ts'

const capital: Readonly<Record<string, string>> = { relu: 'ReLU', relu6: 'ReLU6', gelu: 'GELU', swish: 'Swish', mish: 'Mish', elu: 'ELU' }

/** Such as `stochastic Mish`, `ReLU6`, or `Swish (upper limit)`. */
export function variantWords({ kind, ensemble, activation, base }: Pick<Row, 'kind' | 'ensemble' | 'activation' | 'base'>): string {
  const word = capital[activation ?? base] ?? activation ?? base
  if (kind === 'baseline') return `${word} (baseline)`
  return kind === 'limit' ? `${word} (upper limit)` : `${ensemble} ${word}`
}
