/** The backend of TensorFlow, trained for real where it is installed: `make test-tensorflow`. A process of its own: it becomes tfjs's backend. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/tensorflow/**/*.test.ts'],
    globalSetup: 'test/house/temporary-folder.ts',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 600_000,
  },
})
