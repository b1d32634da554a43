/** Finds the compiler that a target's profile names. */
import { DeviceError, UserError } from '../../errors.ts'
import type { Target } from '../profiles/schema.ts'
import { type Compiler, type Found, isFound, type Lack } from './define.ts'
import * as all from './index.ts'

export const compilers: readonly Compiler[] = Object.values(all)

/** `auto` takes the compiler where it is installed, `none` leaves it out; anything else is the path of its program, or of a Python that has it. */
export type CompilerChoice = string

/** What stands on this machine for a target; undefined where its profile names no compiler that Peapod drives, or `none` is chosen. */
export async function findCompiler(
  target: Target,
  choice: CompilerChoice,
): Promise<(Found & { readonly compiler: Compiler }) | Lack | undefined> {
  if (target.compiler === undefined || choice === 'none') return undefined
  const compiler = compilers.find(({ name }) => name === target.compiler!.name)
  if (!compiler) return undefined
  const found = await compiler.find(choice === 'auto' ? {} : { program: programOf(choice) })
  return isFound(found) ? { ...found, compiler } : found
}

/** A program's path may not pass for an option. Throws UserError `bad-compiler`. */
function programOf(choice: string): string {
  if (choice !== '' && !choice.startsWith('-')) return choice
  throw new UserError('bad-compiler', 'compiler does not name a program', {
    found: JSON.stringify(choice),
    expected: 'auto, none, or the path of a program or of a Python',
  })
}

/** Throws DeviceError `compiler-missing` for a compiler that was named and does not run here; `auto` never throws. */
export async function requireCompiler(target: Target, choice: CompilerChoice): Promise<void> {
  if (choice === 'auto') return
  const found = await findCompiler(target, choice)
  if (found && 'what' in found) throw new DeviceError('compiler-missing', found.what, { hint: found.hint, found: choice })
}
