/** Which files are images, by their names. */
export const imageFiles = /\.(png|jpe?g|webp)$/i
