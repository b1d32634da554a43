/** The memories of one system configuration, and which of them holds constants, arena and staging in a memory mode. */
import { UserError } from '../../../../errors.ts'
import type { EthosU } from './numbers.ts'
import type { Memory } from './operation.ts'

export type Memories = {
  readonly sram: Memory
  readonly external: Memory
  readonly constants: Memory
  readonly arena: Memory
  /** Where weights and maps may be brought for speed. */
  readonly staging: Memory
  readonly clockHz: number
  readonly stagingBytes: number
}

function choose<T>(what: string, table: Readonly<Record<string, T>>, name: string): T {
  const chosen = Object.hasOwn(table, name) ? table[name] : undefined
  if (chosen === undefined) {
    throw new UserError(`unknown-${what}`, `the target has no ${what.replace('-', ' ')} ${JSON.stringify(name)}`, {
      found: name,
      expected: Object.keys(table).join(', '),
    })
  }
  return chosen
}

/** Throws UserError `unknown-system-config` or `unknown-memory-mode`. */
export function memoriesOf(engine: EthosU, systemConfig: string, memoryMode: string): Memories {
  const systems: Readonly<Record<string, EthosU['systems'][string]>> = engine.systems
  const system = choose('system-config', systems, systemConfig)
  const mode = choose('memory-mode', engine.memoryModes, memoryMode)
  const memory = (name: 'sram' | 'external'): Memory => {
    const { scale, ...port } = system[name]
    return { ...port, name, bytesPerCycle: scale * port.ports * engine.accelerator.axiBytesPerCycle }
  }
  const at = { sram: memory('sram'), external: memory('external') }
  return {
    ...at,
    constants: at[mode.constants],
    arena: at[mode.arena],
    staging: at[mode.staging],
    clockHz: system.coreClockHz,
    stagingBytes: mode.arenaCacheBytes ?? Number.POSITIVE_INFINITY,
  }
}
