/** The shapes that signs are made of, in hundredths of the plate's half-width, y down, and their signed distances (negative inside). */
import { cosine, sine } from './sine.ts'

/** Coordinates x, y, x, y … */
export type Points = readonly number[]

export type Shape =
  | { readonly polygon: Points /** Moves the outline outwards, rounding its corners; inwards where negative. */; readonly grow?: number }
  | { readonly stroke: Points; readonly width: number }
  | { readonly disc: readonly [x: number, y: number, radius: number] }

/** Distance from (px, py) to the line from (ax, ay) to (bx, by). */
export function toSegment(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax
  const dy = by - ay
  const long = dx * dx + dy * dy
  const along = long === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / long))
  const ex = px - ax - along * dx
  const ey = py - ay - along * dy
  return Math.sqrt(ex * ex + ey * ey)
}

function toPolygon(px: number, py: number, points: Points): number {
  let nearest = Number.POSITIVE_INFINITY
  let inside = false
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
    const [ax, ay, bx, by] = [points[j]!, points[j + 1]!, points[i]!, points[i + 1]!]
    nearest = Math.min(nearest, toSegment(px, py, ax, ay, bx, by))
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside ? -nearest : nearest
}

function toPath(px: number, py: number, points: Points): number {
  let nearest = Number.POSITIVE_INFINITY
  for (let i = 0; i + 3 < points.length; i += 2) {
    nearest = Math.min(nearest, toSegment(px, py, points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!))
  }
  return nearest
}

/** Signed distance of a point to a shape's edge. */
export function distance(shape: Shape, x: number, y: number): number {
  if ('polygon' in shape) return toPolygon(x, y, shape.polygon) - (shape.grow ?? 0)
  if ('stroke' in shape) return toPath(x, y, shape.stroke) - shape.width / 2
  const [cx, cy, radius] = shape.disc
  return Math.sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy)) - radius
}

type Move = (x: number, y: number) => readonly [number, number]

function moved(shape: Shape, move: Move, scale = 1): Shape {
  const all = (points: Points) => points.flatMap((x, i) => (i % 2 ? [] : move(x, points[i + 1]!)))
  if ('polygon' in shape) return { polygon: all(shape.polygon), grow: (shape.grow ?? 0) * scale }
  if ('stroke' in shape) return { stroke: all(shape.stroke), width: shape.width * scale }
  return { disc: [...move(shape.disc[0], shape.disc[1]), shape.disc[2] * scale] }
}

/** The shapes at another place and size. */
export const placed = (shapes: readonly Shape[], dx: number, dy: number, scale = 1): Shape[] =>
  shapes.map((shape) => moved(shape, (x, y) => [dx + scale * x, dy + scale * y], scale))

/** The shapes seen in a mirror, left for right. */
export const mirrored = (shapes: readonly Shape[]): Shape[] => shapes.map((shape) => moved(shape, (x, y) => [-x, y]))

/** The shapes turned about the origin, clockwise as y points down. */
export function turned(shapes: readonly Shape[], turns: number): Shape[] {
  const [c, s] = [cosine(turns), sine(turns)]
  return shapes.map((shape) => moved(shape, (x, y) => [c * x - s * y, s * x + c * y]))
}
