/** Golomb-Rice coding with changing divisors: where the encoder changes them, and how many bits the values then take. */

type Code = { readonly divisor: number; readonly truncated: boolean; readonly plain: boolean }

const code = (divisor: number, truncated = false, plain = false): Code => ({ divisor, truncated, plain })
/** Codes that a stretch of weights may use; the last is plain. */
export const weightCodes: readonly Code[] = [
  ...[0, 1, 2, 3, 4, 5].map((d) => code(d)),
  ...[0, 1, 2, 3, 4, 5].map((d) => code(d, true)),
  code(0, false, true),
]
export const runCodes: readonly Code[] = [0, 1, 2, 3].map((d) => code(d))

/** Bits of a header that a change of code must pay for. */
const CHANGE_COST = 40

/** One code for the values up to `end`. */
export type Stretch = { readonly code: Code; readonly end: number }

/** Bits of each value under each code, value by value; -1 where the quotient is too large. Quotients of runs of zeros are not limited. */
function pricesOf(codes: readonly Code[], plainBits: number, values: number): Int8Array {
  const limited = codes === weightCodes
  const prices = new Int8Array(values * codes.length)
  let at = 0
  for (let value = 0; value < values; value++) {
    for (const { divisor, truncated, plain } of codes) {
      const quotient = value >> divisor
      if (plain) prices[at++] = plainBits || 100
      else if (limited && quotient > (truncated ? 2 : 31)) prices[at++] = -1
      else prices[at++] = (truncated ? Math.min(quotient + 1, 2) : quotient + 1) + divisor
    }
  }
  return prices
}

/** Values below this are priced once; longer runs of zeros are rare. */
const TABLE = 1024
const tables = new Map<string, Int8Array>()

function tableOf(codes: readonly Code[], plainBits: number): Int8Array {
  const name = `${codes.length} ${plainBits}`
  const table = tables.get(name) ?? pricesOf(codes, plainBits, codes === weightCodes ? TABLE : 64)
  tables.set(name, table)
  return table
}

/** Divides values into stretches of one code each: greedy, forwards, as Vela's encoder does. */
export function stretches(values: ArrayLike<number>, codes: readonly Code[], plainBits: number): Stretch[] {
  const count = codes.length
  const table = tableOf(codes, plainBits)
  const priced = table.length / count
  const divisors = Uint8Array.from(codes, ({ divisor }) => divisor)
  const spent = new Int32Array(count)
  const reset = new Int32Array(count)
  const able = new Uint8Array(count)
  const found: Stretch[] = []
  let active = -1
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const row = value < priced ? value * count : -1
    let best = 0
    let least = 0x7fffffff
    for (let j = 0; j < count; j++) {
      const bits = row >= 0 ? table[row + j]! : (value >> divisors[j]!) + 1 + divisors[j]!
      if (bits < 0) {
        reset[j] = i + 1
        spent[j]! += CHANGE_COST
        able[j] = 0
        continue
      }
      const sum = (able[j] ? spent[j]! : total) + bits
      spent[j] = sum
      able[j] = 1
      if (sum < least) {
        least = sum
        best = j
      }
    }
    if (active < 0 || !able[active] || (best !== active && least + CHANGE_COST < total)) {
      const always = active >= 0 && spent[best]! < spent[active]! && reset[best]! <= reset[active]!
      if (active >= 0 && !always) found.push({ code: codes[active]!, end: i })
      active = best
    }
    total = spent[active]!
  }
  if (values.length === 0) return []
  const last = found.at(-1)
  if (last?.code === codes[active]) found[found.length - 1] = { code: last!.code, end: values.length }
  else found.push({ code: codes[active]!, end: values.length })
  return found
}

const filled = (bits: number, chunk: number): number => Math.ceil(bits / chunk) * chunk

/** Bits of the weights [from, to): unary parts in chunks of twelve, two steps to a bit, then remainders. */
export function weightBits(
  values: ArrayLike<number>,
  from: number,
  to: number,
  { divisor, truncated, plain }: Code,
  plainBits: number,
): number {
  if (plain) return (to - from) * plainBits
  let [places, seconds] = [0, 0]
  for (let i = from; i < to; i++) {
    const quotient = values[i]! >> divisor
    places += truncated ? 1 : (quotient >> 1) + 1
    seconds += truncated ? Math.min(quotient, 1) : (quotient + 1) >> 1
  }
  return filled(places, 12) + seconds + (to - from) * divisor
}

/** Bits of the lengths of runs [from, to). */
export function runBits(values: ArrayLike<number>, from: number, to: number, { divisor }: Code): number {
  let places = 0
  for (let i = from; i < to; i++) places += (values[i]! >> divisor) + 1
  return filled(places, divisor < 3 ? 12 : 8) + (to - from) * divisor
}
