/** Golomb-Rice coding with changing divisors: where the encoder changes them, and how many bits the values then take. */
import { bitsOf, CHANGE_COST, type Code, weightCodes } from './codes.ts'
import { CHUNK, raceAgainst, staysAhead } from './race.ts'

/** One code for the values up to `end`. */
export type Stretch = { readonly code: Code; readonly end: number }

const ANY = 0x7fffffff

/** Divides the first `count` weights into stretches of one code each: greedy, forwards, as Vela's encoder does. */
export function stretches(values: Int32Array, count: number, plainBits: number): Stretch[] {
  const codes = weightCodes
  const behind = new Int32Array(codes.length).fill(CHANGE_COST)
  const sums = new Int32Array(codes.length)
  const lastWithout = lastsWithout(values, codes)
  const found: Stretch[] = []
  let table: Int32Array | undefined
  let active = -1
  let length = CHUNK
  for (let i = 0; i < count; ) {
    const end = Math.min(i + length, count)
    if (table && staysAhead(values, i, end, table, behind)) {
      i = end
      continue
    }
    if (table && length > 1) {
      length = length === CHUNK ? 16 : 1
      continue
    }
    const value = values[i]!
    let best = 0
    codes.forEach((code, c) => {
      sums[c] = value > code.most ? ANY : behind[c]! + bitsOf(value, code, plainBits)
      if (sums[c]! < sums[best]!) best = c
    })
    if (active >= 0) {
      const spent = sums[active] === ANY ? 2 * CHANGE_COST : sums[active]!
      const always = sums[best]! < spent && lastWithout(best, i + 1) <= lastWithout(active, i + 1)
      if (!always) found.push({ code: codes[active]!, end: i })
    }
    active = best
    table = raceAgainst(best, plainBits)
    for (let c = 0; c < codes.length; c++) behind[c] = sums[c] === ANY ? CHANGE_COST : sums[c]! - sums[best]! + CHANGE_COST
    length = CHUNK
    i++
  }
  if (count === 0) return []
  if (found.at(-1)?.code === codes[active]) found.pop()
  found.push({ code: codes[active]!, end: count })
  return found
}

/** One beyond the last of the values [0, to) that a code has no word for; `to` only grows. */
function lastsWithout(values: Int32Array, codes: readonly Code[]): (code: number, to: number) => number {
  const seen = new Int32Array(codes.length)
  const last = new Int32Array(codes.length)
  return (code, to) => {
    const { most } = codes[code]!
    let i = to
    while (i > seen[code]! && values[i - 1]! <= most) i--
    if (i > seen[code]!) last[code] = i
    seen[code] = to
    return last[code]!
  }
}

/** The divisor for the first `count` lengths of runs. Every length has a word under each of the four, so that all take the last that was better by a change. */
export function runDivisor(runs: Int32Array, count: number): number {
  const spent = [0, 0, 0, 0]
  let active = -1
  for (let i = 0; i < count; i++) {
    const run = runs[i]!
    const before = active < 0 ? ANY : spent[active]!
    let best = 0
    for (let d = 0; d < 4; d++) {
      spent[d]! += (run >> d) + 1 + d
      if (spent[d]! < spent[best]!) best = d
    }
    if (spent[best]! + CHANGE_COST < before) active = best
  }
  return Math.max(active, 0)
}

const filled = (bits: number, chunk: number): number => Math.ceil(bits / chunk) * chunk

/** Bits of the weights [from, to): unary parts in chunks of twelve, two steps to a bit, then remainders. */
export function weightBits(values: Int32Array, from: number, to: number, { divisor, kind }: Code, plainBits: number): number {
  if (kind === 'plain') return (to - from) * plainBits
  let [halves, quotients] = [0, 0]
  if (kind === 'truncated') for (let i = from; i < to; i++) quotients += values[i]! >> divisor > 0 ? 1 : 0
  else {
    for (let i = from; i < to; i++) {
      const quotient = values[i]! >> divisor
      halves += quotient >> 1
      quotients += (quotient + 1) >> 1
    }
  }
  return filled(to - from + halves, 12) + quotients + (to - from) * divisor
}

/** Bits of the lengths of runs [from, to). */
export function runBits(runs: Int32Array, from: number, to: number, divisor: number): number {
  let places = to - from
  for (let i = from; i < to; i++) places += runs[i]! >> divisor
  return filled(places, divisor < 3 ? 12 : 8) + (to - from) * divisor
}
