/** bash: one function; where it offers nothing, bash offers files. */
import { between, type Described, type Shell } from './define.ts'

export const bash: Shell = {
  name: 'bash',
  write: (commands) =>
    `${[
      '# eval "$(peapod completion bash)"',
      '_peapod() {',
      '  local word=$2 before=$3 words=', // bash calls it with the command, the word at hand and the one before
      '  if ((COMP_CWORD == 1)); then',
      `    words=${between(['--help', '--version', ...commands.map((c) => c.name)].join(' '))}`,
      '  else',
      `    case \${COMP_WORDS[1]} in`,
      ...commands.flatMap(caseOf),
      '    esac',
      '  fi',
      '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
      '}',
      'complete -o bashdefault -o default -F _peapod peapod',
    ].join('\n')}\n`,
}

function caseOf({ name, words, options }: Described): string[] {
  const taking = options.filter((o) => o.value)
  const files = taking.filter((o) => !o.words.length).map((o) => o.flag)
  return [
    `      ${name})`,
    '        case $before in',
    ...taking.filter((o) => o.words.length).map((o) => `          ${o.flag}) words=${between(o.words.join(' '))} ;;`),
    ...(files.length ? [`          ${files.join('|')}) ;;`] : []),
    `          *) if [[ $word == -* ]]; then words=${between(options.map((o) => o.flag).join(' '))}; else words=${between(words.join(' '))}; fi ;;`,
    '        esac ;;',
  ]
}
