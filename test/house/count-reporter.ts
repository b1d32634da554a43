/** Ends a test run with one plain line that any CI can read. */
import type { Reporter, TestModule } from 'vitest/node'

export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state))
    const count = (state: string) => states.filter((s) => s === state).length
    const failedModules = modules.filter((module) => module.state() === 'failed' && module.children.size === 0).length
    console.log(`${count('passed')} passed, ${count('failed') + failedModules} failed, ${count('skipped')} skipped`)
  }
}
