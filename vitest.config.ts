import { defineConfig } from 'vitest/config'
import { CountReporter } from './test/house/count-reporter.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/soak/**', 'test/tensorflow/**', 'test/bench/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: 'test/house/temporary-folder.ts',
    reporters: ['default', new CountReporter()],
  },
})
