/** Batches for training and for evaluation. */
import { UserError } from '../errors.ts'
import { key, shuffled } from '../graph/math/random.ts'
import { augmenter, labelOf, maskAugmenter } from './augment.ts'
import type { Split } from './define.ts'
import { channelsOf, type Preprocess } from './preprocess.ts'
import { preprocessor } from './preprocessor.ts'
import type { Augmentation } from './view.ts'

/** What a training backend takes: float32 [size, height, width, channels]; a label an image or, where the split has masks, a pixel (-1 is ignored). Both arrays are reused: valid until the next batch. */
export type Batch = { readonly images: Float32Array; readonly labels: Int32Array; readonly size: number }

export type FeedOptions = Augmentation & { readonly preprocess: Preprocess; readonly batchSize: number }

export type Feed = {
  /** Batches in an epoch; the samples beyond the last whole batch are left out, other ones each epoch. */
  readonly steps: number
  /** The batches of epoch `e`, from 0; `fromStep` skips those before it, where training resumes. */
  epoch(e: number, fromStep?: number): Iterable<Batch>
}

const inputShape = (p: Preprocess) => [p.height, p.width, channelsOf(p)] as const
const elements = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1)

/** Labels of an image: one, or as many as it has pixels. Throws UserError `bad-image-shape` where masks are not of the network's size. */
function labelsEach({ mask, shape: [height, width] }: Split, p: Preprocess): number {
  if (!mask) return 1
  if (height === p.height && width === p.width) return height * width
  throw new UserError('bad-image-shape', 'masks are not of the size that the network takes', {
    found: `${height} x ${width}`,
    expected: `${p.height} x ${p.width}`,
    hint: 'give the data set that size in dataset.json',
  })
}

/** A filler of single images, preprocessed: writes sample `index` of the split into `into` at `offset`. */
function source(split: Split, p: Preprocess): (index: number, into: Float32Array, offset: number) => void {
  const raw = new Uint8Array(elements(split.shape))
  const prepare = preprocessor(p, split.shape)
  return (index, into, offset) => {
    split.read(index, raw, 0)
    prepare(raw, into, offset)
  }
}

/** Shuffled, augmented, whole batches; epoch `e` is the same whenever and wherever it is asked for. */
export function trainingFeed(split: Split, { preprocess, batchSize, ...augmentation }: FeedOptions): Feed {
  const steps = Math.floor(split.count / batchSize)
  if (steps < 1) {
    throw new UserError('batch-too-large', 'the training split does not fill one batch', {
      found: `${split.count} images, batches of ${batchSize}`,
      expected: `a batch size of at most ${split.count}`,
    })
  }
  const shape = inputShape(preprocess)
  const per = elements(shape)
  const [read, augment] = [source(split, preprocess), augmenter(shape, augmentation)]
  const image = new Float32Array(per)
  const each = labelsEach(split, preprocess)
  const [mask, augmentMask] = [new Uint8Array(each), maskAugmenter(shape, augmentation)]
  const [images, labels] = [new Float32Array(batchSize * per), new Int32Array(batchSize * each)]
  const label = (sample: number, n: number, e: number) => {
    if (!split.mask) return void (labels[n] = split.labels[sample]!)
    split.mask(sample, mask, 0)
    augmentMask(mask, labels, n * each, sample, e)
  }
  return {
    steps,
    *epoch(e, fromStep = 0) {
      const order = shuffled(key(augmentation.seed, 'shuffle', 0, e), split.count)
      for (let step = fromStep; step < steps; step++) {
        for (let n = 0; n < batchSize; n++) {
          const sample = order[step * batchSize + n]!
          read(sample, image, 0)
          augment(image, images, n * per, sample, e)
          label(sample, n, e)
        }
        split.ahead?.(order.subarray((step + 1) * batchSize, (step + 2) * batchSize))
        yield { images, labels, size: batchSize }
      }
    },
  }
}

/** All images (or those of `indices`) once, in order, as they are; the last batch may be smaller. */
export function* evaluationBatches(
  split: Split,
  { preprocess, batchSize, indices }: { readonly preprocess: Preprocess; readonly batchSize: number; readonly indices?: ArrayLike<number> },
): Iterable<Batch> {
  const per = elements(inputShape(preprocess))
  const read = source(split, preprocess)
  const count = indices?.length ?? split.count
  const each = labelsEach(split, preprocess)
  const mask = new Uint8Array(each)
  const [images, labels] = [new Float32Array(batchSize * per), new Int32Array(batchSize * each)]
  const place = (n: number) => (indices ? indices[n]! : n)
  for (let from = 0; from < count; from += batchSize) {
    const size = Math.min(batchSize, count - from)
    for (let n = 0; n < size; n++) {
      const sample = place(from + n)
      read(sample, images, n * per)
      if (!split.mask) labels[n] = split.labels[sample]!
      else {
        split.mask(sample, mask, 0)
        for (let i = 0; i < each; i++) labels[n * each + i] = labelOf(mask[i]!)
      }
    }
    split.ahead?.(Array.from({ length: Math.max(0, Math.min(batchSize, count - from - size)) }, (_, n) => place(from + size + n)))
    yield { images: images.subarray(0, size * per), labels: labels.subarray(0, size * each), size }
  }
}
