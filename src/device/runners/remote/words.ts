/** Words that may travel to another machine, where a shell reads them. */

/** A path or a program: nothing that a shell takes for more than a letter, no option, no way up. */
export const isRemoteWord = (word: string): boolean => /^[A-Za-z0-9_./][A-Za-z0-9_./-]*$/.test(word) && !word.split('/').includes('..')

/** A flag with a value, such as `--input_layer=x:0`: what tensors are called has more letters than a path, all harmless between quotes. */
export const isRemoteFlag = (word: string): boolean => /^--[a-z0-9_]+=[A-Za-z0-9_.,:;=/@ -]*$/.test(word)

/** Quoted beside the allow-list, so that either would do. */
export const quoted = (word: string): string => `'${word}'`
