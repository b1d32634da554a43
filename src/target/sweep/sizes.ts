/** The words of `--sweep`: `input=96..320`, in steps of 32 pixels, `input=96..320:16`, or `input=96,160,224`. */
import { UserError } from '../../errors.ts'

/** Smallest first, each once. Throws UserError `bad-sweep`. */
export function sizesOf(words: string): number[] {
  const range = /^input=(\d+)\.\.(\d+)(?::(\d+))?$/.exec(words)
  const list = /^input=(\d+(?:,\d+)*)$/.exec(words)
  const [from, to, step] = range ? [Number(range[1]), Number(range[2]), Number(range[3] ?? 32)] : [0, 0, 0]
  const sizes = list
    ? [...new Set(list[1]!.split(',').map(Number))].sort((a, b) => a - b)
    : step > 0
      ? Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, i) => from + i * step)
      : []
  if (sizes.length === 0 || sizes[0]! < 1 || sizes.length > 1000 || sizes.at(-1)! > 65536)
    throw new UserError('bad-sweep', `--sweep ${words} names no sizes`, {
      found: words,
      expected: 'input=FROM..TO, input=FROM..TO:STEP or input=SIZE,SIZE,… with at most 1,000 sizes of 1 to 65,536 pixels',
    })
  return sizes
}
