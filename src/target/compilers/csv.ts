/** Comma-separated values by their header, as compilers write them: quotes around cells that hold commas. */

export type Row = Readonly<Record<string, string>>

function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain!.trim() : quoted.replaceAll('""', '"'),
  )
}

/** Rows under the names of the header; throws nothing: a cell that is not there is absent. */
export function readCsv(text: string): Row[] {
  const [head, ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const names = cells(head ?? '')
  return lines.map((line) => {
    const row = cells(line)
    return Object.fromEntries(names.flatMap((name, i) => (row[i] === undefined ? [] : [[name, row[i]!]])))
  })
}
