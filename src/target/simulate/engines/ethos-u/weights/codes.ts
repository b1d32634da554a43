/** The codes that a stretch of weights may use. */

/** `most` is the largest value that the code has a word for. */
export type Code = { readonly divisor: number; readonly kind: 'unary' | 'truncated' | 'plain'; readonly most: number }

const divisors = [0, 1, 2, 3, 4, 5]
/** The last is plain. */
export const weightCodes: readonly Code[] = [
  ...divisors.map((divisor): Code => ({ divisor, kind: 'unary', most: (32 << divisor) - 1 })),
  ...divisors.map((divisor): Code => ({ divisor, kind: 'truncated', most: (3 << divisor) - 1 })),
  { divisor: 0, kind: 'plain', most: 0x7fffffff },
]

/** Bits of one value that the code has a word for. Where there is no plain code, it is dear. */
export function bitsOf(value: number, { divisor, kind }: Code, plainBits: number): number {
  if (kind === 'plain') return plainBits || 40
  const quotient = value >> divisor
  return divisor + 1 + (kind === 'truncated' ? Math.min(quotient, 1) : quotient)
}

/** Bits of a header that a change of code must pay for. */
export const CHANGE_COST = 40
