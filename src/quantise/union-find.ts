/** Equivalence classes over 0 … n-1, joined pair by pair (Tarjan 1975, with path halving). */

export class UnionFind {
  readonly #parent: Int32Array

  constructor(n: number) {
    this.#parent = Int32Array.from({ length: n }, (_, i) => i)
  }

  /** The element that stands for the class of `i`. */
  find(i: number): number {
    const parent = this.#parent
    let at = i
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!
    return at
  }

  join(i: number, j: number): void {
    this.#parent[this.find(i)] = this.find(j)
  }
}
