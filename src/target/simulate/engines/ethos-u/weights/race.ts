/** The codes of a weight stream side by side: how many bits each is behind the one in use, two codes to a word of 32 bits, which is ten times quicker than one by one. */
import { bitsOf, CHANGE_COST, weightCodes } from './codes.ts'

/** Values looked at together: so few that no code gains or loses more bits over them than half a word holds. */
export const CHUNK = 256
/** What half a word holds for a code that is level: the most that one gains over a chunk, at 32 bits a value. */
const LEVEL = 32 * CHUNK
/** A code that is farther behind cannot win within a chunk. */
const FAR = 8192
const HALF = 0x8000
const WORDS = 7
/** Of each value: for each word a mask and what is added; and behind the masks what the code in use pays. */
const ROW = 16
const PAID = 7
/** Indices of weights are less: 32 in a palette, 2 x 256 behind it. */
const VALUES = 560

/** Half words of a table row: the code in the low and in the high half of each word. */
const pairs = Array.from({ length: WORDS }, (_, k) => [2 * k, 2 * k + 1] as const)
const tables = new Map<string, Int32Array>()

/** By value, how the distances of all codes to the one in use change. */
export function raceAgainst(active: number, plainBits: number): Int32Array {
  const name = `${active} ${plainBits}`
  const known = tables.get(name)
  if (known) return known
  const table = new Int32Array(VALUES * ROW)
  for (let value = 0; value < VALUES; value++) {
    const used = weightCodes[active]!
    // A value without a word ends the race: nothing it adds lifts a code to the mark.
    const over = value > used.most
    const paid = over ? 0 : bitsOf(value, used, plainBits)
    const half = (c: number): readonly [mask: number, added: number] => {
      const code = weightCodes[c]
      if (!code || over) return [0xffff, 0]
      return value > code.most ? [0, LEVEL + CHANGE_COST] : [0xffff, bitsOf(value, code, plainBits) - paid]
    }
    pairs.forEach(([low, high], k) => {
      const [[lowMask, lowAdded], [highMask, highAdded]] = [half(low), half(high)]
      table[value * ROW + k] = lowMask | (highMask << 16)
      table[value * ROW + PAID + 1 + k] = lowAdded + (highAdded << 16)
    })
    table[value * ROW + PAID] = over ? 0 : (paid + HALF - LEVEL) * 0x10001
  }
  tables.set(name, table)
  return table
}

const words = new Int32Array(WORDS)

/**
 * Whether the code in use stays in use over [from, to), at most a chunk; then `behind` is brought up to date: bits by which each code is behind, and
 * the cost of a change. A value that a code has no word for brings that code level.
 */
export function staysAhead(values: Int32Array, from: number, to: number, table: Int32Array, behind: Int32Array): boolean {
  const start = (c: number) => Math.min(behind[c] ?? 0, FAR) + LEVEL
  for (let k = 0; k < WORDS; k++) words[k] = start(2 * k) | (start(2 * k + 1) << 16)
  let [w0, w1, w2, w3, w4, w5, w6] = [words[0]!, words[1]!, words[2]!, words[3]!, words[4]!, words[5]!, words[6]!]
  let [above, largest] = [-1, 0]
  for (let i = from; i < to; i++) {
    const value = values[i]!
    const row = value * ROW
    const paid = table[row + PAID]!
    if (value > largest) largest = value
    w0 = ((w0 & table[row]!) + table[row + 8]!) | 0
    w1 = ((w1 & table[row + 1]!) + table[row + 9]!) | 0
    w2 = ((w2 & table[row + 2]!) + table[row + 10]!) | 0
    w3 = ((w3 & table[row + 3]!) + table[row + 11]!) | 0
    w4 = ((w4 & table[row + 4]!) + table[row + 12]!) | 0
    w5 = ((w5 & table[row + 5]!) + table[row + 13]!) | 0
    w6 = ((w6 & table[row + 6]!) + table[row + 14]!) | 0
    above &= (w0 + paid) & (w1 + paid) & (w2 + paid) & (w3 + paid) & (w4 + paid) & (w5 + paid) & (w6 + paid)
  }
  if ((above & 0x80008000) !== (0x80008000 | 0)) return false
  words.set([w0, w1, w2, w3, w4, w5, w6])
  for (let c = 0; c < behind.length; c++) {
    const half = (c & 1 ? words[c >> 1]! >>> 16 : words[c >> 1]! & 0xffff) - LEVEL
    behind[c] = largest > weightCodes[c]!.most ? half : behind[c]! + half - Math.min(behind[c]!, FAR)
  }
  return true
}
