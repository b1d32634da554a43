/** Long tests: `make soak`. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Every network of the registry in the common test of backends; `make test` holds it to the light ones.
    include: ['test/soak/**/*.test.ts', 'test/training.backends.test.ts'],
    env: { PEAPOD_SOAK: '1' },
    testTimeout: 1_200_000,
    globalSetup: 'test/house/temporary-folder.ts',
    pool: 'forks',
    maxWorkers: 1,
  },
})
