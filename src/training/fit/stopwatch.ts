/** How fast a training goes, and how long it will still take. */
export class Stopwatch {
  readonly #begun = performance.now()
  #epochBegun = this.#begun
  #images = 0
  #done = 0
  readonly #steps: number

  constructor(steps: number) {
    this.#steps = steps
  }

  startEpoch(): void {
    this.#epochBegun = performance.now()
    this.#images = 0
  }

  stepDone(images: number): void {
    this.#images += images
    this.#done++
  }

  /** Over this epoch so far. */
  get imagesPerSecond(): number {
    const seconds = (performance.now() - this.#epochBegun) / 1000
    return this.#images === 0 ? 0 : this.#images / seconds
  }

  /** By the mean of the steps so far, validation included. */
  get remainingMs(): number {
    return this.#done === 0 ? 0 : ((performance.now() - this.#begun) / this.#done) * (this.#steps - this.#done)
  }
}
