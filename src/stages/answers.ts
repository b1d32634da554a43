/** Whether a network answers what a data set asks: a class for an image, or a class for each pixel. */
import type { Split } from '../data/define.ts'
import { UserError } from '../errors.ts'

type Asked = { readonly name: string; readonly classes: readonly string[]; readonly split: Pick<Split, 'mask' | 'shape'> }

/**
 * `output` is the shape of the network's output, the batch first. Returns true where both speak of pixels. Throws UserErrors `answers-images`,
 * `answers-pixels`, `answers-size` and `too-few-classes`.
 */
export function requireAnswers(network: string, output: readonly (number | null)[], { name, classes, split }: Asked): boolean {
  const [height, width] = output.length === 4 ? (output.slice(1, 3) as [number, number]) : [1, 1]
  const shown = `[${output.slice(1).join(', ')}] from ${network}`
  const ownClasses = output.at(-1) ?? 0
  if (height * width === 1) {
    if (!split.mask) return false
    throw new UserError('answers-images', `${network} gives one class for an image, and ${name} has one for each pixel`, {
      found: shown,
      expected: `[${split.shape[0]}, ${split.shape[1]}, ${classes.length}]`,
      hint: 'take a network that answers pixels: --set network.use=erfnet --set train.recipe=cityscapes',
    })
  }
  if (!split.mask)
    throw new UserError('answers-pixels', `${network} gives a class for each pixel, and ${name} has one for an image`, {
      found: shown,
      expected: `[${classes.length}]`,
      hint: 'take a network that answers images, such as --set network.use=mobilenet-v1, or data with a mask for each image',
    })
  if (height !== split.shape[0] || width !== split.shape[1])
    throw new UserError('answers-size', `${network} answers images of another size than the masks of ${name}`, {
      found: shown,
      expected: `${split.shape[0]} x ${split.shape[1]} pixels`,
      hint: 'give the data set that size in dataset.json',
    })
  if (ownClasses < classes.length)
    throw new UserError('too-few-classes', `${network} has fewer classes than ${name}`, {
      found: `${ownClasses} classes`,
      expected: `${classes.length}: ${classes.slice(0, 5).join(', ')}${classes.length > 5 ? ', …' : ''}`,
    })
  return true
}
