/** Splits of data sets that come without a validation split: some training images are held back. */
import { UserError } from '../errors.ts'
import { bits, key } from '../graph/math/random.ts'
import type { Split } from './define.ts'
import { subset } from './split.ts'

/** One image in eight validates, drawn by its place and the seed. Throws UserError `empty-split`. */
export function heldBack(all: Split, seed: number, name: string): { readonly train: Split; readonly validation: Split } {
  const stream = key(seed, 'shuffle')
  const places = Array.from({ length: all.count }, (_, i) => i)
  const isHeld = (i: number) => bits(stream, i) % 8 === 0
  const [held, kept] = [places.filter(isHeld), places.filter((i) => !isHeld(i))]
  if (!held.length || !kept.length)
    throw new UserError('empty-split', `${name} is too small to hold back a validation split`, {
      found: `${all.count} training images`,
      expected: 'images enough to hold some back',
    })
  return { train: subset(all, kept), validation: subset(all, held) }
}

/**
 * Frames of one film resemble their neighbours: the last eighth of each film validates, so that only frames at one border have a twin.
 * `filmOf` names the film of an item; items stand in the order of time. Films of fewer than eight frames train.
 */
export function heldBackFilms<T>(items: readonly T[], filmOf: (item: T) => string): { readonly train: T[]; readonly validation: T[] } {
  const films = new Map<string, T[]>()
  for (const item of items) films.set(filmOf(item), [...(films.get(filmOf(item)) ?? []), item])
  const borders = [...films.values()].map((film) => ({ film, border: film.length - Math.floor(film.length / 8) }))
  return {
    train: borders.flatMap(({ film, border }) => film.slice(0, border)),
    validation: borders.flatMap(({ film, border }) => film.slice(border)),
  }
}
