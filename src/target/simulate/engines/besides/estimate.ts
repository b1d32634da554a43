/** The terms that stand beside an estimate and are never part of its total: operators on the host, starts, transfers. */
import type { Beside, Besides } from '../../../define.ts'
import type { Layer, Network } from '../define.ts'
import { lineOf } from '../linear/line.ts'
import { travelOf } from '../travel.ts'
import type { BesidesNumbers } from './numbers.ts'

/** Of one inference. A term whose numbers the target lacks is absent; operators of the host without a price are named in `unpriced`. */
export function besidesOf(network: Network, { host, start, transfer }: BesidesNumbers): Besides {
  const travel = travelOf(network)
  const starts = travel.filter((each) => each.starts).length
  const bytes = travel.reduce((sum, each) => sum + each.bytes, 0)
  const ms = (perSecond: number) => (bytes / perSecond) * 1000
  return {
    ...(host && { cpuMs: onHost(network.layers, host) }),
    ...(start && {
      startMs: {
        low: starts * start.ms[0],
        high: starts * start.ms[1],
        says: `${starts} starts of the accelerator`,
        evidence: start.evidence,
      },
    }),
    ...(transfer && {
      transferMs: {
        low: ms(transfer.bytesPerSecond[1]),
        high: ms(transfer.bytesPerSecond[0]),
        says: `${bytes} bytes between host and accelerator`,
        evidence: transfer.evidence,
      },
    }),
  }
}

function onHost(layers: readonly Layer[], { prices, times, evidence }: NonNullable<BesidesNumbers['host']>): Beside {
  const cpu = layers.filter(({ place }) => place === 'cpu')
  const priced = cpu.flatMap((layer) => {
    const line = lineOf(layer, prices.families)
    return line ? [{ name: layer.name, op: layer.op, ms: ((line.mac + line.memory + line.fixed) / prices.clockHz) * 1000 }] : []
  })
  const unpriced = cpu.filter(({ family }) => family === 'opaque').map(({ name }) => name)
  const ms = priced.reduce((sum, each) => sum + each.ms, 0)
  return {
    ...{ low: ms * times[0], high: ms * times[1], evidence, operators: priced },
    says: `${cpu.length} operators on the CPU at ${prices.clockHz / 1e6} MHz${unpriced.length > 0 ? `, without ${unpriced.join(', ')}` : ''}`,
    ...(unpriced.length > 0 && { unpriced }),
  }
}
