/** zsh: its own descriptions of arguments, one list a command. */
import { between, type Described, type Shell } from './define.ts'

export const zsh: Shell = {
  name: 'zsh',
  write: (commands) =>
    `${[
      '#compdef peapod',
      '# eval "$(peapod completion zsh)", after compinit',
      '_peapod() {',
      '  if ((CURRENT == 2)); then',
      `    local -a commands=(${commands.map((c) => between(`${c.name}:${c.says.replaceAll(':', '\\:')}`)).join(' ')})`,
      '    _describe command commands',
      '    return',
      '  fi',
      '  local command=$words[2]',
      '  shift words; ((CURRENT--))',
      '  case $command in',
      ...commands.map((c) => `    ${c.name}) _arguments ${argumentsOf(c).map(between).join(' ')} ;;`),
      '  esac',
      '}',
      'compdef _peapod peapod',
    ].join('\n')}\n`,
}

const argumentsOf = ({ words, options }: Described): string[] => [
  ...options.map(({ flag, says, value, words: those }) => {
    const takes = value ? `:${flag.slice(2)}:${those.length ? `(${those.join(' ')})` : '_files'}` : ''
    return `*${flag}[${says.replace(/[[\]\\:]/g, (c) => `\\${c}`)}]${takes}`
  }),
  ...(words.length ? [`1:word:(${words.join(' ')})`] : []),
  '*:file:_files',
]
