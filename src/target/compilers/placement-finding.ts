/** Whether the compiler leaves as many operators to the CPU as our check says. */
import type { CheckResult, Compiled, Finding } from '../define.ts'

export function placementFinding({ placement }: CheckResult, { compiler, cpuOperators, layers }: Compiled): readonly Finding[] {
  if (placement.cpu === cpuOperators) return []
  const theirs = layers.filter(({ place }) => place === 'cpu').map(({ name, op }) => `${op} ${name}`)
  return [
    {
      code: 'placement-differs',
      // Where both leave some, the compiler may count a reshape beside them that we fold.
      severity: placement.cpu === 0 || cpuOperators === 0 ? 'warning' : 'note',
      node: -1,
      op: '',
      place: compiler,
      says: `${compiler} and the target’s rules must place operators alike`,
      found: `${cpuOperators} on the CPU by ${compiler}, ${placement.cpu} by our check${theirs.length ? `: ${theirs.slice(0, 5).join(', ')}` : ''}`,
      hint: 'The compiler decides what the device runs. Please report the model, for a rule of the target is wrong.',
    },
  ]
}
