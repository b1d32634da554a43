/** An accuracy in the words of its task: a class for an image, or a class for each pixel. */
import type { Accuracy } from './define.ts'
import { percent } from './writers/words.ts'

/** The one figure that a network is known by: mean IoU where it answers pixels. */
export const scoreOf = ({ meanIou, accuracy }: Pick<Accuracy, 'meanIou' | 'accuracy'>): number => meanIou ?? accuracy

export const scoreName = ({ meanIou }: Pick<Accuracy, 'meanIou'>): string => (meanIou === undefined ? 'accuracy' : 'mean IoU')

export const scoreWords = (a: Pick<Accuracy, 'meanIou' | 'accuracy'>): string =>
  a.meanIou === undefined ? `accuracy ${percent(a.accuracy)}` : `mean IoU ${percent(a.meanIou)}, pixel accuracy ${percent(a.accuracy)}`
