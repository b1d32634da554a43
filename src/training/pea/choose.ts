/** Which ensemble each layer gets: one choice for the model, and others for layers by the pattern of their name. */
import { UserError } from '../../errors.ts'
import { activations } from '../../graph/activations/registry.ts'
import type { Base, Mix, Phases, SmoothActivation } from './define.ts'
import type { EnsembleConfig } from './ensemble.ts'

export type Choice = {
  /** `none` leaves the layer a plain ReLU. */
  readonly mix: Mix | 'none'
  readonly activation: SmoothActivation
  /** Slope of Swish. */
  readonly beta?: number
  /** Whether that slope is a weight of each layer. */
  readonly trainableBeta?: boolean
  /** What differs from the phases of the run. */
  readonly phases?: Partial<Phases>
}

/** What differs for the layers whose whole name matches; `*` stands for any characters. Layers of nested models are named outer/inner. */
export type LayerChoice = Partial<Choice> & { readonly match: string }

export type PeaOptions = Choice & {
  /** Each that matches applies, a later one over an earlier one. */
  readonly layers?: readonly LayerChoice[]
}

export type Chooser = {
  /** Undefined where the layer stays plain. */
  of(name: string, base: Base): EnsembleConfig | undefined
  /** Throws UserError `pea-matches-nothing` for a pattern that met no layer so far. */
  checkUsed(): void
}

const expression = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )

/** Throws UserErrors `activation-cannot-fade` and `beta-without-swish`. */
export function chooser({ layers = [], ...whole }: PeaOptions): Chooser {
  const patterns = layers.map(({ match, ...choice }) => ({ match, matches: expression(match), choice, used: false }))
  const seen: string[] = []
  return {
    of(name, base) {
      seen.push(name)
      let choice: Choice = whole
      for (const pattern of patterns)
        if (pattern.matches.test(name)) {
          pattern.used = true
          choice = { ...choice, ...defined(pattern.choice) }
        }
      const { mix, activation, beta, trainableBeta, phases } = choice
      if (mix === 'none') return undefined
      if (activations.get(activation)?.stripsTo.includes(base) !== true || activation === (base as string))
        throw new UserError('activation-cannot-fade', `The activation ${activation} cannot fade into ${base}.`, {
          found: `${activation} at ${name}`,
          expected: [...activations.values()]
            .filter((a) => a.stripsTo.includes(base) && a.name !== base)
            .map((a) => a.name)
            .join(', '),
        })
      if (trainableBeta && activation !== 'swish')
        throw new UserError('beta-without-swish', `Only Swish has a beta to train, ${activation} has none.`, {
          found: `trainableBeta with ${activation} at ${name}`,
          expected: 'the activation swish, or no trainableBeta for this layer',
        })
      return {
        mix,
        activation,
        base,
        name,
        ...(beta !== undefined && { beta }),
        ...(trainableBeta && { trainableBeta }),
        ...(phases && { phases }),
      }
    },
    checkUsed() {
      const idle = patterns.find(({ used }) => !used)
      if (idle)
        throw new UserError('pea-matches-nothing', 'A pattern of pea.layers matches no activation of the network.', {
          found: idle.match,
          expected:
            seen.length > 8
              ? `one of ${seen.length} names such as ${seen.slice(0, 8).join(', ')}`
              : seen.join(', ') || 'a network with ReLU',
        })
    },
  }
}

const defined = <T extends object>(object: T): Partial<T> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>
