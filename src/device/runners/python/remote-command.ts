/** The line that starts our Python program at the far end of a shell. */
import { createHash } from 'node:crypto'
import { quoted } from '../remote/words.ts'

/**
 * Reads the program, whose length and digest it knows, from its input, and runs it: the words of this line are all constant or from an
 * allow-list, and a program that changed on its way is not run.
 */
export function remoteCommand(python: string, program: Uint8Array): string {
  const digest = createHash('sha256').update(program).digest('hex')
  const code = `import sys, hashlib; p = sys.stdin.buffer.read(${program.length}); assert hashlib.sha256(p).hexdigest() == "${digest}"; exec(p)`
  return `${quoted(python)} -u -c ${quoted(code)}`
}
