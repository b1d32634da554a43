/** The picture being made: three planes of 32 x 32 light values, 0 to 1. */

export const side = 32
export const area = side * side

export type Colour = readonly [red: number, green: number, blue: number]

/** [3, 32, 32]. */
export type Canvas = Float64Array

export const mixed = (a: Colour, b: Colour, share: number): Colour => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
]

/** Lays a colour over one pixel. */
export function lay(canvas: Canvas, pixel: number, colour: Colour, cover: number): void {
  for (let c = 0, at = pixel; c < 3; c++, at += area) canvas[at] = canvas[at]! + (colour[c]! - canvas[at]!) * cover
}

/** Lays a colour over all pixels inside a signed distance (in pixels, negative inside); the edge is one pixel soft. */
export function fill(canvas: Canvas, colour: Colour, distanceAt: (x: number, y: number) => number): void {
  for (let pixel = 0; pixel < area; pixel++) {
    const cover = 0.5 - distanceAt((pixel % side) + 0.5, Math.floor(pixel / side) + 0.5)
    if (cover > 0) lay(canvas, pixel, colour, Math.min(1, cover))
  }
}
