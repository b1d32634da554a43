/** What an estimate leaves out, and how far it is from the compiler's own figure, in words. */
import type { Besides } from '../../../define.ts'
import type { Network } from '../define.ts'
import type { Model } from './numbers.ts'

export type Course = {
  readonly model: Model
  readonly systemConfig: string
  readonly memoryMode: string
  readonly besides: Besides | undefined
  readonly unpriced: readonly string[]
  /** Feature maps that are kept outside the staging memory. */
  readonly outsideBytes: number
  /** Stretches of layers that run together stripe by stripe. */
  readonly cascades: number
  /** Layers whose price is far from the compiler's. */
  readonly rough: readonly string[]
}

export function notesOf(network: Network, course: Course): string[] {
  const { model, systemConfig, memoryMode, besides, unpriced, outsideBytes, cascades, rough } = course
  const cpu = network.layers.filter(({ place }) => place === 'cpu')
  const notes = [
    `Cycles follow the estimator ${model} of Arm Vela for ${systemConfig}, ${memoryMode}; Arm calls its figures a guide for the compiler, not a measurement, and figures of different models do not compare.`,
    `Left out: driver start, interrupts, cache maintenance, contention on the bus, and copies between the host and the accelerator${besides ? '; what is known of them stands beside the total' : ''}.`,
  ]
  if (model === 'legacy')
    notes.push('The legacy core schedules weights and cascades in its own way; here its cycles stand under the scheduler of Regor.')
  if (rough.length > 0)
    notes.push(`The compiler makes several operations of ${rough.join(', ')}; priced here as fewer, so that figure is rough.`)
  if (outsideBytes > 0)
    notes.push(
      `The arena is the fast memory alone: ${outsideBytes} bytes of feature maps, the network's inputs and outputs among them, lie outside.`,
    )
  if (cascades > 0)
    notes.push(`Feature maps are larger than the fast memory: in ${cascades} places the compiler runs layers together, stripe by stripe.`)
  if (cpu.length > 0)
    notes.push(
      `${cpu.length} operators run on the CPU and ${besides?.cpuMs ? 'stand beside the total' : 'have no price'}: ${cpu.map(({ op, name }) => `${op} (${name})`).join(', ')}.`,
    )
  const missing = unpriced.filter((name) => !cpu.some((layer) => layer.name === name))
  if (missing.length > 0) notes.push(`No price is known for ${missing.join(', ')}: the total is too small.`)
  return notes
}
