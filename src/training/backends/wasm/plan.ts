/** Collects the operations of a program and groups them into stages: what threads may do side by side, and in which order. */
import type { Draft, Region } from './region.ts'
import { call } from './region.ts'

/** Partitions of a batch: a fixed number, so that sums over partitions do not depend on the number of threads. */
export const partitions = 8

/** An operation that works on images `from` to `to` alone: neighbours of its kind run image by image, while data is in cache. */
export type ImageOp = {
  readonly bytesPerImage: number
  /** What a partition does once before its first image, such as zeroing its sums. */
  begin?(part: number): Draft[]
  emit(from: number, to: number, part: number): Draft[]
  /** What a partition does once after its last image. */
  end?(part: number): Draft[]
}

type Entry =
  | { readonly kind: 'images'; readonly op: ImageOp }
  | { readonly kind: 'parts'; readonly parts: Draft[][] }
  | { readonly kind: 'mark'; readonly layer: string; readonly region: Region; readonly floats: number }

/** A layer's output, whole after stage `stage`. */
export type Mark = { readonly layer: string; readonly region: Region; readonly floats: number; readonly stage: number }

export type Staged = {
  readonly stages: readonly (readonly (readonly Draft[])[])[]
  readonly marks: readonly Mark[]
  /** Stages up to the loss; the update must not run when the loss is not finite. */
  readonly lossStage: number
}

/** Bytes that a block of images may touch: a part of a second-level cache of 256 KiB. */
const blockBytes = 160 * 1024

export class Plan {
  readonly batch: number
  readonly parts: number
  #entries: Entry[] = []
  #prelude: Draft[][] = []
  #deferred: Draft[][] = []
  #finale: Draft[][] = []
  #lossEntry = -1

  constructor(batch: number) {
    this.batch = batch
    this.parts = Math.min(partitions, batch)
  }

  images(op: ImageOp): void {
    this.#entries.push({ kind: 'images', op })
  }

  /** Work split otherwise than by images; deferred work joins it. */
  split(parts: Draft[][]): void {
    this.#entries.push({ kind: 'parts', parts: [...parts, ...this.#deferred] })
    this.#deferred = []
  }

  /** Work that nothing before the end needs: it joins the next stage that is split. */
  defer(parts: Draft[][]): void {
    this.#deferred.push(...parts)
  }

  /** Work that depends on weights alone, done in the first stage. */
  prelude(calls: Draft[]): void {
    this.#prelude.push(calls)
  }

  /** Work of the last stage: updates. */
  finale(calls: Draft[]): void {
    this.#finale.push(calls)
  }

  /** Names the region that holds a layer's output from here on. */
  mark(layer: string, region: Region, floats: number): void {
    this.#entries.push({ kind: 'mark', layer, region, floats })
  }

  endOfLoss(): void {
    this.#lossEntry = this.#entries.length
  }

  range(part: number): [number, number] {
    return [Math.floor((this.batch * part) / this.parts), Math.floor((this.batch * (part + 1)) / this.parts)]
  }

  #group(ops: readonly ImageOp[]): Draft[][] {
    const bytes = ops.reduce((sum, op) => sum + op.bytesPerImage, 0)
    const block = Math.max(1, Math.floor(blockBytes / bytes))
    return Array.from({ length: this.parts }, (_, part) => {
      const [from, to] = this.range(part)
      const calls = ops.flatMap((op) => op.begin?.(part) ?? [])
      for (let n = from; n < to; n += block) for (const op of ops) calls.push(...op.emit(n, Math.min(n + block, to), part))
      for (const op of ops) calls.push(...(op.end?.(part) ?? []))
      return calls
    })
  }

  stages(): Staged {
    if (this.#deferred.length > 0) this.split([])
    const stages: Draft[][][] = this.#prelude.length > 0 ? [this.#prelude] : []
    const marks: Mark[] = []
    let group: ImageOp[] = []
    let lossStage = -1
    const flush = () => {
      if (group.length > 0) stages.push(this.#group(group))
      group = []
    }
    for (const [i, entry] of this.#entries.entries()) {
      if (i === this.#lossEntry) {
        flush()
        lossStage = stages.length
      }
      if (entry.kind === 'images') group.push(entry.op)
      else if (entry.kind === 'mark') marks.push({ ...entry, stage: stages.length + (group.length > 0 ? 1 : 0) })
      else {
        flush()
        stages.push(entry.parts)
      }
    }
    flush()
    if (this.#finale.length > 0) stages.push(this.#finale)
    return { stages, marks, lossStage: lossStage < 0 ? stages.length : lossStage }
  }
}

export const zeroed = (place: { region: Region; offset: number }, bytes: number): Draft => call('fillZero', place, bytes)
