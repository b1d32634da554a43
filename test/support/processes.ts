/** Processes that a test's other end started, told by a word in their environment. */
import { readdirSync, readFileSync } from 'node:fs'

/** Pids, without this process; none where the system has no /proc. */
export function processesWith(word: string): number[] {
  const has = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(word)
    } catch {
      return false
    }
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  return pids.filter(has).map(Number)
}
