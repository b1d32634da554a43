/** What a machine can do at most, by the numbers of its profile: the roofs of a roofline. */
import type { Target } from '../target/profiles/schema.ts'
import type { Report } from './define.ts'

type Engine = Target['engine']

/** One line per kind of engine. */
export function machineOf({ engine }: Target): Report['machine'] {
  if (engine.kind === 'ethos-u') return ethosU(engine)
  if (engine.kind === 'systolic') return systolic(engine)
  return undefined // a machine of fitted lines has no roofs
}

/** The profile counts the multipliers of all cores; outside memory runs at its share of the clock. */
function ethosU({ accelerator, defaults, systems }: Extract<Engine, { kind: 'ethos-u' }>): Report['machine'] {
  const { macsPerCycle, axiBytesPerCycle } = accelerator
  const external = systems[defaults.systemConfig]?.external
  return {
    macsPerCycle,
    ...(external && { bytesPerCycle: axiBytesPerCycle * external.scale * external.ports }),
  }
}

const systolic = ({ array, memory, clockHz }: Extract<Engine, { kind: 'systolic' }>): Report['machine'] => ({
  macsPerCycle: array.rows * array.columns,
  bytesPerCycle: memory.externalBytesPerSecond / clockHz,
})
