/** The quick race of weight codes against the same decisions taken value by value, over seeded weights of changing spread. */
import { expect, test } from 'vitest'
import { CHANGE_COST, weightCodes } from '../src/target/simulate/engines/ethos-u/weights/codes.ts'
import { stretches } from '../src/target/simulate/engines/ethos-u/weights/golomb.ts'

/** Vela's own order of decisions: each value adds to the bits of each code; a code without a word for it starts anew at those of the code in use. */
function plainly(values: ArrayLike<number>, plainBits: number): string[] {
  const state = weightCodes.map((code) => ({ code, spent: 0, reset: 0, able: false }))
  const found: string[] = []
  let active: (typeof state)[number] | undefined
  let total = 0
  const name = ({ code }: (typeof state)[number]) => `${code.kind} ${code.divisor}`
  for (let i = 0; i < values.length; i++) {
    for (const one of state) {
      const { divisor, kind, most } = one.code
      if (values[i]! > most) Object.assign(one, { reset: i + 1, spent: one.spent + CHANGE_COST, able: false })
      else {
        const quotient = values[i]! >> divisor
        const bits = kind === 'plain' ? plainBits || 100 : divisor + 1 + (kind === 'truncated' ? Math.min(1, quotient) : quotient)
        Object.assign(one, { spent: (one.able ? one.spent : total) + bits, able: true })
      }
    }
    const best = state.filter(({ able }) => able).reduce((least, one) => (one.spent < least.spent ? one : least))
    if (!active?.able || (best !== active && best.spent + CHANGE_COST < total)) {
      if (active && !(best.spent < active.spent && best.reset <= active.reset)) found.push(`${name(active)} ${i}`)
      active = best
    }
    total = active.spent
  }
  if (!active) return []
  if (found.at(-1)?.startsWith(`${name(active)} `)) found.pop()
  return [...found, `${name(active)} ${values.length}`]
}

test('stretches of codes are those that come of going value by value', () => {
  let seed = 7
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return (seed + 0.5) / 2 ** 32
  }
  let changes = 0
  for (let round = 0; round < 300; round++) {
    const values = new Int32Array(Math.floor(random() * random() * 4000))
    const [most, often, plainBits] = [[2, 8, 31, 60, 540][round % 5]!, [0.002, 0.02, 0][round % 3]!, round % 6]
    let scale = 1 + random() * 40
    for (let i = 0; i < values.length; i++) {
      if (random() < often) scale = 1 + random() * 100
      values[i] = Math.min(most, Math.floor(-Math.log(random()) * scale))
    }
    const found = stretches(values, values.length, plainBits).map(({ code, end }) => `${code.kind} ${code.divisor} ${end}`)
    expect(found, `round ${round}`).toEqual(plainly(values, plainBits))
    changes += found.length
  }
  expect(changes).toBeGreaterThan(300)
})
