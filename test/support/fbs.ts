/** Reads the text of a flatbuffers schema: its tables' fields by slot, and its enums' bytes. */
export type FbsField = { readonly name: string; readonly type: string; readonly default: string | undefined }

/** The tables of a schema; a union's field stands twice, as its tag and as its table. */
export function tablesOf(fbs: string): Record<string, FbsField[]> {
  const text = fbs.replace(/\/\/.*$/gm, '')
  const unions = new Set([...text.matchAll(/union (\w+)/g)].map((m) => m[1]!))
  return Object.fromEntries(
    [...text.matchAll(/table (\w+) \{([^}]*)\}/g)].map(([, table, body]) => [
      table!,
      [...body!.matchAll(/(\w+):(\[?\w+\]?)(?: = ([\w.-]+))?[^;]*;/g)].flatMap(([, name, type, dflt]): FbsField[] => {
        const field = { name: name!, type: type!, default: dflt }
        return unions.has(type!) ? [{ name: `${name}_type`, type: 'ubyte', default: undefined }, field] : [field]
      }),
    ]),
  )
}

/** The names of an enum in order, with the type of its numbers. */
export function enumOf(fbs: string, name: string): { readonly base: string; readonly words: string[] } | undefined {
  const found = new RegExp(`enum ${name} : (\\w+) \\{([^}]*)\\}`).exec(fbs)
  return found ? { base: found[1]!, words: [...found[2]!.matchAll(/(\w+) = /g)].map((m) => m[1]!) } : undefined
}
