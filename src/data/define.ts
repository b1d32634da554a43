/** What a data set is, whatever format it came in. */

/** One part of a data set: `count` images of [height, width, channels], uint8, channels-last, RGB. */
export type Split = {
  readonly count: number
  readonly shape: readonly [height: number, width: number, channels: number]
  /** Class indices, one an image; all 0 where each pixel has its own. */
  readonly labels: Int32Array
  /** Copies image `index` into `into` at `offset`, row-major [height, width, channels]. */
  read(index: number, into: Uint8Array, offset: number): void
  /** There where every pixel has a class: copies those of image `index` into `into` at `offset`, row-major [height, width], `ignored` where none counts. */
  mask?(index: number, into: Uint8Array, offset: number): void
  /** Says which images will be read next, where they are decoded on demand: by other threads, meanwhile. */
  ahead?(indices: ArrayLike<number>): void
  /** SHA-256 of the images and labels, hex; of the files, where they are too many to decode for it. */
  readonly digest: string
}

/** In a mask: a pixel that no loss and no metric counts. */
export const ignored = 255

export const splitNames = ['train', 'validation', 'test'] as const
export type SplitName = (typeof splitNames)[number]

export type DataSet = {
  readonly name: string
  /** Class names; a label indexes them. */
  readonly classes: readonly string[]
  readonly splits: Readonly<Record<SplitName, Split>>
  /** Whether a mirrored image keeps its class; a road sign does not. */
  readonly mirrors: boolean
  /** Its images follow from its name and seed alone: a digest that was recorded once stands for them. */
  readonly rendered?: true
  /** Files that cannot be read and were left out, where the data set's settings allow that. */
  readonly skipped?: readonly string[]
}

export type OpenOptions = {
  /** Decides what is drawn: the embedded images, or which images leave the training split to validate. */
  readonly seed: number
  /** [height, width] to which a folder's images are brought; formats of one fixed size ignore it. */
  readonly size?: readonly [height: number, width: number]
  /** The most bytes of decoded images that a split of a folder holds at a time; 512 MiB by default. */
  readonly memoryBytes?: number
  /** Leaves out image files that cannot be read, and names them; by default what dataset.json says. */
  readonly skipCorrupt?: boolean
}

/** A data format: recognises a folder or name, and opens it. One file each, one line in `index.ts`. */
export type DataFormat = {
  readonly name: string
  /** What `--data` must look like, for the error that lists all formats. */
  readonly says: string
  recognises(source: string): boolean
  open(source: string, options: OpenOptions): Promise<DataSet>
}
