/** A pipeline file of a CI system, written from a plan: one file each, one line in `index.ts`. */
import { UserError } from '../../errors.ts'

export type Plan = {
  /** Names of targets, or paths of profiles; a job each. */
  readonly targets: readonly string[]
  /** Makes `npx peapod` work in a fresh checkout. */
  readonly install: string
  /** Where to measure as well, on a machine that the device hangs on: a runner of the CI system with this tag. */
  readonly device?: { readonly runner: string; readonly tag: string }
}

export type CiFile = { readonly name: string; readonly file: string; write(plan: Plan): string }

export type Job = {
  readonly name: string
  /** The run folder. */
  readonly out: string
  /** Exit code 1 when a gate fails. */
  readonly line: string
  /** The same folder, where verify alone is done again, on the device. */
  readonly deviceLine?: string
}

export const image = 'node:22'

export function jobsOf({ targets, device }: Plan): Job[] {
  if (device) quoted(device.tag)
  return targets.map((target) => {
    const name = target.replace(/^.*[\\/]|\.json$/g, '').replace(/[^A-Za-z0-9-]/g, '-')
    const out = `runs/${name}`
    const line = `npx peapod deploy --target ${quoted(target)} --out ${out}`
    return { name, out, line, ...(device && { deviceLine: `${line} --runner ${quoted(device.runner)}` }) }
  })
}

/** For a shell; characters that a CI system would take for its own are refused. Throws UserError `bad-word`. */
export function quoted(word: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to refuse
  if (/[\u0000-\u001f\u007f$`\\"]|^-/.test(word))
    throw new UserError('bad-word', 'a pipeline file cannot hold this word', {
      found: JSON.stringify(word),
      expected: 'no quotes, backslashes, backquotes, dollar signs or control characters, and no hyphen in front',
    })
  return /^[\w./:@=,?&%+-]+$/.test(word) && !/[?&]/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** A scalar of YAML: what JSON writes is one. */
export const scalar = (text: string): string => JSON.stringify(text)
