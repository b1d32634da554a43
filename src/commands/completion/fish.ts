/** fish: one line a command, one an option. */
import type { Described, Shell } from './define.ts'

export const fish: Shell = {
  name: 'fish',
  write: (commands) =>
    `${[
      '# peapod completion fish | source',
      ...commands.map((c) => `complete -c peapod -f -n __fish_use_subcommand -a ${c.name} -d ${text(c.says)}`),
      ...commands.flatMap(linesOf),
    ].join('\n')}\n`,
}

function linesOf({ name, words, options }: Described): string[] {
  const here = `complete -c peapod -n '__fish_seen_subcommand_from ${name}'`
  return [
    ...(words.length ? [`${here} -a ${text(words.join(' '))}`] : []),
    ...options.map(({ flag, says, value, words: those }) => {
      const takes = !value ? '' : those.length ? ` -x -a ${text(those.join(' '))}` : ' -r'
      return `${here} -l ${flag.slice(2)}${takes} -d ${text(says)}`
    }),
  ]
}

/** Between single quotes fish knows two escapes. */
const text = (words: string): string => `'${words.replace(/[\\']/g, (c) => `\\${c}`)}'`
