/** A layer's settings, from Keras's words to those of tfjs, which the importers read. */
import { UserError } from '../../errors.ts'

/** Counts that importers rely on, each a number, a list of numbers or absent. */
const counts = ['filters', 'units', 'kernelSize', 'poolSize', 'strides', 'dilationRate', 'depthMultiplier', 'groups']
const MOST = 2 ** 16

/** Throws UserError `bad-settings`. */
export function settingsOf(config: Readonly<Record<string, unknown>>, place: string): Record<string, any> {
  const settings: Record<string, any> = Object.fromEntries(Object.entries(config).map(([word, value]) => [camel(word), value]))
  for (const word of counts) {
    const wrong = [settings[word] ?? []].flat().find((n) => !Number.isInteger(n) || (n as number) < 1 || (n as number) > MOST)
    if (wrong !== undefined)
      throw new UserError('bad-settings', `${place} has a ${word} that is no count`, {
        found: JSON.stringify(wrong),
        expected: `whole numbers from 1 to ${MOST}`,
      })
  }
  if (settings.dataFormat === 'channels_first') settings.dataFormat = 'channelsFirst'
  if (settings.activation !== undefined) settings.activation = wordOf(settings.activation)
  return settings
}

const camel = (word: string): string => word.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** Keras 3 writes functions it does not know by heart as objects; none at all is linear. */
function wordOf(activation: unknown): string {
  if (activation === null) return 'linear'
  const { class_name: className, config } = Object(activation) as { class_name?: unknown; config?: unknown }
  if (className === 'function' && typeof config === 'string') return config
  return typeof activation === 'string' ? activation : String(className ?? JSON.stringify(activation))
}
